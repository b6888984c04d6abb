package dev.jbuild.parser.lint;

import dev.jbuild.parser.source.Diagnostic;
import dev.jbuild.parser.source.Span;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The rules, in the order of BuildKit's list. Most are checked by [Linter]; the rest need what only a build knows, a
/// base image or the context, and are reported from there.
public enum LintRule {
    STAGE_NAME_CASING("StageNameCasing", "The name of a stage should be in lower case"),
    FROM_AS_CASING("FromAsCasing", "The `AS` of a FROM should have the case that the FROM has"),
    NO_EMPTY_CONTINUATION("NoEmptyContinuation", "An empty line should not continue an instruction"),
    CONSISTENT_INSTRUCTION_CASING(
            "ConsistentInstructionCasing", "All instructions of a Dockerfile should be written in the same case"),
    DUPLICATE_STAGE_NAME("DuplicateStageName", "No two stages should have the same name"),
    RESERVED_STAGE_NAME("ReservedStageName", "A stage should not have a name that means something else already"),
    JSON_ARGS_RECOMMENDED("JSONArgsRecommended", "CMD and ENTRYPOINT should be in JSON form, so that signals arrive"),
    MAINTAINER_DEPRECATED("MaintainerDeprecated", "MAINTAINER is deprecated; a label says it better"),
    UNDEFINED_ARG_IN_FROM("UndefinedArgInFrom", "A FROM should only use arguments that are declared before it"),
    WORKDIR_RELATIVE_PATH(
            "WorkdirRelativePath", "A relative WORKDIR depends on the base image, unless an absolute one came before"),
    UNDEFINED_VAR("UndefinedVar", "A variable should be defined before it is used"),
    MULTIPLE_INSTRUCTIONS_DISALLOWED(
            "MultipleInstructionsDisallowed", "Of several CMD, ENTRYPOINT or HEALTHCHECK only the last has an effect"),
    LEGACY_KEY_VALUE_FORMAT("LegacyKeyValueFormat", "ENV and LABEL should have the form key=value"),
    INVALID_BASE_IMAGE_PLATFORM(
            "InvalidBaseImagePlatform", "The base image should be of the platform that is built for"),
    REDUNDANT_TARGET_PLATFORM("RedundantTargetPlatform", "The target platform need not be named, as it is the default"),
    SECRETS_USED_IN_ARG_OR_ENV("SecretsUsedInArgOrEnv", "ARG and ENV should not hold secrets: images keep them"),
    INVALID_DEFAULT_ARG_IN_FROM(
            "InvalidDefaultArgInFrom", "The defaults of the arguments in a FROM should make a base image's name"),
    FROM_PLATFORM_FLAG_CONST_DISALLOWED(
            "FromPlatformFlagConstDisallowed", "The platform of a FROM should not be a constant"),
    COPY_IGNORED_FILE("CopyIgnoredFile", "What .dockerignore excludes cannot be copied"),
    INVALID_DEFINITION_DESCRIPTION(
            "InvalidDefinitionDescription", "The comment before a FROM or ARG should begin with the name it describes"),
    EXPOSE_PROTO_CASING("ExposeProtoCasing", "The protocol of an exposed port should be in lower case"),
    EXPOSE_INVALID_FORMAT("ExposeInvalidFormat", "EXPOSE takes no address and no port of the host");

    private final String ruleName;
    private final String description;

    LintRule(String ruleName, String description) {
        this.ruleName = ruleName;
        this.description = description;
    }

    /// The name that `# check=skip=` and reports use.
    public String ruleName() {
        return ruleName;
    }

    /// One sentence, without a full stop.
    public String description() {
        return description;
    }

    /// The page of the documentation that explains the rule.
    public String page() {
        return "docs/rules/" + ruleName + ".md";
    }

    /// Whether the rule is off until `# check=experimental=` names it.
    public boolean experimental() {
        return this == INVALID_DEFINITION_DESCRIPTION;
    }

    /// Whether the rule is about what a stage does, so that it says nothing of stages that are not built.
    public boolean ofBuiltStages() {
        return switch (this) {
            case JSON_ARGS_RECOMMENDED,
                    WORKDIR_RELATIVE_PATH,
                    UNDEFINED_VAR,
                    MULTIPLE_INSTRUCTIONS_DISALLOWED,
                    INVALID_BASE_IMAGE_PLATFORM,
                    SECRETS_USED_IN_ARG_OR_ENV,
                    COPY_IGNORED_FILE,
                    EXPOSE_PROTO_CASING,
                    EXPOSE_INVALID_FORMAT -> true;
            case STAGE_NAME_CASING,
                    FROM_AS_CASING,
                    NO_EMPTY_CONTINUATION,
                    CONSISTENT_INSTRUCTION_CASING,
                    DUPLICATE_STAGE_NAME,
                    RESERVED_STAGE_NAME,
                    MAINTAINER_DEPRECATED,
                    UNDEFINED_ARG_IN_FROM,
                    LEGACY_KEY_VALUE_FORMAT,
                    REDUNDANT_TARGET_PLATFORM,
                    INVALID_DEFAULT_ARG_IN_FROM,
                    FROM_PLATFORM_FLAG_CONST_DISALLOWED,
                    INVALID_DEFINITION_DESCRIPTION -> false;
        };
    }

    /// A finding of this rule.
    public Diagnostic finding(String message, Span span, @Nullable String hint) {
        return Diagnostic.warning(ruleName, message, span, hint);
    }

    /// The rule with the name, whatever its case, or null.
    public static @Nullable LintRule named(String name) {
        String wanted = name.toLowerCase(Locale.ROOT);
        for (LintRule rule : values()) {
            if (rule.ruleName.toLowerCase(Locale.ROOT).equals(wanted)) {
                return rule;
            }
        }
        return null;
    }
}
