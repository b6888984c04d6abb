package dev.jbuild.parser.lint;

import dev.jbuild.parser.ast.Add;
import dev.jbuild.parser.ast.Arg;
import dev.jbuild.parser.ast.ArgDefinition;
import dev.jbuild.parser.ast.Cmd;
import dev.jbuild.parser.ast.Copy;
import dev.jbuild.parser.ast.Dockerfile;
import dev.jbuild.parser.ast.Entrypoint;
import dev.jbuild.parser.ast.Env;
import dev.jbuild.parser.ast.Expose;
import dev.jbuild.parser.ast.From;
import dev.jbuild.parser.ast.Healthcheck;
import dev.jbuild.parser.ast.Instruction;
import dev.jbuild.parser.ast.KeyValue;
import dev.jbuild.parser.ast.Label;
import dev.jbuild.parser.ast.Maintainer;
import dev.jbuild.parser.ast.OnBuild;
import dev.jbuild.parser.ast.Run;
import dev.jbuild.parser.ast.Shell;
import dev.jbuild.parser.ast.StopSignal;
import dev.jbuild.parser.ast.User;
import dev.jbuild.parser.ast.Volume;
import dev.jbuild.parser.ast.Word;
import dev.jbuild.parser.ast.Workdir;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Rules about single instructions that describe an image.
final class MetadataChecks {
    private static final Set<String> SECRET_WORDS = Set.of(
            "apikey", "auth", "credential", "credentials", "key", "password", "pword", "passwd", "secret", "token");
    /// Words that say of a name with one of the others that it is no secret.
    private static final Set<String> HARMLESS_WORDS = Set.of("public", "file", "version");

    private final Findings findings;

    private MetadataChecks(Findings findings) {
        this.findings = findings;
    }

    static void check(Dockerfile file, Findings findings) {
        MetadataChecks checks = new MetadataChecks(findings);
        for (Instruction instruction : Linter.instructions(file)) {
            switch (instruction) {
                case Maintainer maintainer -> checks.maintainer(maintainer);
                case Env env -> checks.env(env);
                case Label label -> checks.legacy(label, label.labels());
                case Arg arg -> checks.arg(arg);
                case Expose expose -> expose.ports().forEach(port -> checks.port(expose, port));
                case Add _,
                        Cmd _,
                        Copy _,
                        Entrypoint _,
                        From _,
                        Healthcheck _,
                        OnBuild _,
                        Run _,
                        Shell _,
                        StopSignal _,
                        User _,
                        Volume _,
                        Workdir _ -> {}
            }
        }
    }

    private void maintainer(Maintainer maintainer) {
        findings.add(
                LintRule.MAINTAINER_DEPRECATED,
                maintainer,
                maintainer.origin().keyword().span(),
                "MAINTAINER is deprecated",
                "write LABEL org.opencontainers.image.authors=…");
    }

    private void env(Env env) {
        legacy(env, env.variables());
        env.variables().forEach(variable -> secret(env, variable.key()));
    }

    private void arg(Arg arg) {
        arg.definitions().stream().map(ArgDefinition::name).forEach(name -> secret(arg, name));
    }

    private void secret(Instruction instruction, Word name) {
        boolean secret = false;
        for (String word : name.text().toLowerCase(Locale.ROOT).split("_", -1)) {
            if (HARMLESS_WORDS.contains(word)) {
                return;
            }
            secret |= SECRET_WORDS.contains(word);
        }
        if (secret) {
            findings.add(
                    LintRule.SECRETS_USED_IN_ARG_OR_ENV,
                    instruction,
                    name.span(),
                    "do not use " + instruction.keyword() + " for secrets (\"" + name.text() + "\")",
                    "use RUN --mount=type=secret");
        }
    }

    private void legacy(Instruction instruction, List<KeyValue> pairs) {
        KeyValue first = pairs.getFirst();
        String keywordAsWritten = instruction.origin().keyword().text();
        String pairsAsWritten =
                instruction.text().substring(keywordAsWritten.length()).stripLeading();
        if (pairsAsWritten.charAt(first.key().text().length()) != '=') {
            String keyword = instruction.keyword();
            findings.add(
                    LintRule.LEGACY_KEY_VALUE_FORMAT,
                    instruction,
                    first.key().span().to(first.value().span()),
                    "\"" + keyword + " key=value\" should be used instead of \"" + keyword + " key value\"",
                    "write " + keyword + " " + first.key().text() + "=\"…\"");
        }
    }

    private void port(Expose expose, Word port) {
        String text = port.text();
        if (text.indexOf('$') >= 0) {
            return;
        }
        int slash = text.indexOf('/');
        String protocol = slash < 0 ? "" : text.substring(slash + 1);
        if (!protocol.equals(protocol.toLowerCase(Locale.ROOT))) {
            findings.add(
                    LintRule.EXPOSE_PROTO_CASING,
                    expose,
                    port.span(),
                    "protocol '" + protocol + "' should be lowercase",
                    "write " + protocol.toLowerCase(Locale.ROOT));
        }
        int colon = text.lastIndexOf(':');
        if (colon >= 0) {
            findings.add(
                    LintRule.EXPOSE_INVALID_FORMAT,
                    expose,
                    port.span(),
                    "EXPOSE takes no address and no port of the host, found '" + text + "'",
                    "write " + text.substring(colon + 1));
        }
    }
}
