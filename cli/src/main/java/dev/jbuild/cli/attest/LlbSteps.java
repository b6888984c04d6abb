package dev.jbuild.cli.attest;

import dev.jbuild.layerstore.oci.Platform;
import dev.jbuild.solver.graph.ExecMount;
import dev.jbuild.solver.graph.FileAction;
import dev.jbuild.solver.graph.Network;
import dev.jbuild.solver.graph.Op;
import dev.jbuild.solver.graph.Security;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/// Operations in the form of BuildKit's LLB as JSON, so far as provenance tells of them.
final class LlbSteps {
    private final UnaryOperator<String> shown;

    /// @param shown takes out of a text what must not be told
    LlbSteps(UnaryOperator<String> shown) {
        this.shown = shown;
    }

    Map<String, Object> op(Op op) {
        Map<String, Object> tree = new LinkedHashMap<>();
        switch (op) {
            case Op.ImageSource image -> {
                tree.put("Op", source("docker-image://" + image.reference(), Map.of()));
                tree.put("platform", platform(image.platform()));
            }
            case Op.OciLayoutSource layout -> {
                // Not the directory: where it lies on the builder is nobody else's business.
                tree.put("Op", source("oci-layout://" + name(layout.directory()) + "@" + layout.manifest(), Map.of()));
                tree.put("platform", platform(layout.platform()));
            }
            case Op.LocalSource local -> tree.put("Op", source("local://" + local.context(), Map.of()));
            case Op.HttpSource http ->
                tree.put(
                        "Op",
                        source(
                                http.url().withoutLogin(),
                                Map.of("http.checksum", http.content().toString(), "http.filename", http.fileName())));
            case Op.GitSource git ->
                tree.put(
                        "Op",
                        source(
                                "git://" + git.remote().withoutLogin().replaceFirst("^[a-z+]+://", "") + "#"
                                        + (git.ref().isEmpty() ? git.commit() : git.ref())
                                        + (git.subdirectory().isEmpty() ? "" : ":" + git.subdirectory()),
                                Map.of("git.fullurl", git.remote().withoutLogin(), "git.checksum", git.commit())));
            case Op.Exec exec -> {
                tree.put("Op", Map.of("exec", exec(exec)));
                tree.put("platform", platform(exec.platform()));
            }
            case Op.FileOp file ->
                tree.put(
                        "Op",
                        Map.of(
                                "file",
                                Map.of(
                                        "actions",
                                        file.actions().stream()
                                                .map(action -> action(action, file.root()))
                                                .toList())));
            case Op.Merge _ -> tree.put("Op", Map.of("merge", Map.of("kind", "merge")));
        }
        return tree;
    }

    private static String name(String directory) {
        return directory.substring(directory.lastIndexOf('/') + 1);
    }

    private Map<String, Object> source(String identifier, Map<String, String> attributes) {
        Map<String, Object> source = new LinkedHashMap<>();
        source.put("identifier", shown.apply(identifier));
        Map<String, String> sorted = new java.util.TreeMap<>();
        attributes.forEach((name, value) -> sorted.put(name, shown.apply(value)));
        source.put("attrs", sorted);
        return Map.of("source", source);
    }

    private static Map<String, Object> platform(Platform platform) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("Architecture", platform.architecture());
        tree.put("OS", platform.os());
        tree.put("Variant", platform.variant());
        return tree;
    }

    private List<String> shown(List<String> texts) {
        return texts.stream().map(shown).toList();
    }

    private Map<String, Object> exec(Op.Exec exec) {
        Map<String, Object> meta = new LinkedHashMap<>();
        meta.put("args", shown(exec.args()));
        meta.put("env", shown(exec.env()));
        meta.put("cwd", exec.cwd());
        meta.put("user", exec.user());
        meta.put("hostname", exec.hostname());
        List<Object> mounts = new ArrayList<>();
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("input", exec.root());
        root.put("dest", "/");
        root.put("output", 0);
        mounts.add(root);
        exec.mounts().forEach(mount -> mounts.add(mount(mount)));
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("meta", meta);
        tree.put("mounts", mounts);
        tree.put(
                "network",
                exec.network() == Network.DEFAULT ? null : exec.network().name());
        tree.put(
                "security",
                exec.security() == Security.SANDBOX ? null : exec.security().name());
        return tree;
    }

    private static Map<String, Object> mount(ExecMount mount) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("input", mount.input());
        tree.put("selector", mount.source().equals("/") ? null : mount.source());
        tree.put("dest", mount.target());
        tree.put("output", -1);
        switch (mount) {
            case ExecMount.Bind bind -> tree.put("readonly", bind.readOnly() ? true : null);
            case ExecMount.Cache cache -> {
                tree.put("mountType", "CACHE");
                Map<String, Object> options = new LinkedHashMap<>();
                options.put("ID", cache.id());
                options.put("sharing", cache.sharing().name());
                tree.put("cacheOpt", options);
                tree.put("readonly", cache.readOnly() ? true : null);
            }
            case ExecMount.Tmpfs tmpfs -> {
                tree.put("mountType", "TMPFS");
                tree.put("TmpfsOpt", Map.of("size", tmpfs.size()));
            }
            case ExecMount.Secret secret -> {
                tree.put("mountType", "SECRET");
                tree.put("secretOpt", need(secret.id(), secret.required()));
            }
            case ExecMount.Ssh ssh -> {
                tree.put("mountType", "SSH");
                tree.put("SSHOpt", need(ssh.id(), ssh.required()));
            }
        }
        return tree;
    }

    private static Map<String, Object> need(String id, boolean required) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("ID", id);
        tree.put("optional", required ? null : true);
        return tree;
    }

    private Map<String, Object> action(FileAction action, int root) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("input", root);
        tree.put("output", 0);
        switch (action) {
            case FileAction.Copy copy -> {
                Map<String, Object> what = new LinkedHashMap<>();
                what.put("src", shown.apply(copy.path()));
                what.put("dest", shown.apply(copy.destination()));
                what.put("owner", copy.owner() == null ? null : copy.owner().toString());
                what.put("modeStr", copy.mode() == null ? null : copy.mode().text());
                what.put("allowWildcard", copy.wildcard() ? true : null);
                what.put("allowEmptyWildcard", copy.allowMissing() ? true : null);
                what.put("attemptUnpackDockerCompatibility", copy.unpack() ? true : null);
                what.put("excludePatterns", shown(copy.excludes()));
                tree.put("secondaryInput", copy.source());
                tree.put("Action", Map.of("copy", what));
            }
            case FileAction.MakeDirectory directory -> {
                Map<String, Object> what = new LinkedHashMap<>();
                what.put("path", shown.apply(directory.path()));
                what.put("mode", directory.mode());
                what.put("makeParents", directory.makeParents() ? true : null);
                tree.put("Action", Map.of("mkdir", what));
            }
            case FileAction.MakeFile file -> {
                Map<String, Object> what = new LinkedHashMap<>();
                what.put("path", shown.apply(file.name().isEmpty() ? file.path() : file.path() + "/" + file.name()));
                what.put("data", shown.apply(file.content()).getBytes(java.nio.charset.StandardCharsets.UTF_8));
                tree.put("Action", Map.of("mkfile", what));
            }
        }
        return tree;
    }
}
