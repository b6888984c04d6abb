package dev.jbuild.cli.attest;

import dev.jbuild.parser.ast.Arg;
import dev.jbuild.parser.ast.ArgDefinition;
import dev.jbuild.parser.ast.Instruction;
import dev.jbuild.parser.ast.Stage;
import dev.jbuild.solver.plan.PlanRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What is looked into besides the image, as `BUILDKIT_SBOM_SCAN_STAGE` and `BUILDKIT_SBOM_SCAN_CONTEXT` say: build
/// arguments that an `ARG` in a stage, or before the first one for all, gives a default.
///
/// @param stages names of stages that the target stands on; a stage without a name is never looked into
record ScanTargets(List<String> stages, boolean context) {
    private static final String STAGE = "BUILDKIT_SBOM_SCAN_STAGE";
    private static final String CONTEXT = "BUILDKIT_SBOM_SCAN_CONTEXT";

    /// What this build wants looked into.
    ///
    /// @param reached the names of the stages that the target stands on
    static ScanTargets of(PlanRequest plan, Set<String> reached) {
        List<Stage> all = plan.dockerfile().stages();
        String target = plan.target();
        String last = target == null ? all.getLast().name() : target.toLowerCase(Locale.ROOT);
        List<String> stages = new ArrayList<>();
        boolean context = isOn(value(CONTEXT, plan, List.of()), "");
        for (int i = 0; i < all.size(); i++) {
            Stage stage = all.get(i);
            String name = stage.name();
            boolean isTarget = name == null ? i == all.size() - 1 && target == null : name.equals(last);
            if (isTarget || (name != null && reached.contains(name))) {
                context |= isOn(value(CONTEXT, plan, stage.instructions()), String.valueOf(name));
            }
            if (name != null
                    && !isTarget
                    && reached.contains(name)
                    && isOn(value(STAGE, plan, stage.instructions()), name)) {
                stages.add(name);
            }
        }
        return new ScanTargets(stages, context);
    }

    // The command line has the last word, then the stage, then what stands before all stages.
    private static @Nullable String value(String name, PlanRequest plan, List<Instruction> stage) {
        String value = plan.buildArgs().get(name);
        if (value == null) {
            for (Instruction instruction : stage) {
                value = instruction instanceof Arg arg ? byDefault(name, arg, value) : value;
            }
        }
        if (value == null) {
            for (Arg arg : plan.dockerfile().globalArgs()) {
                value = byDefault(name, arg, value);
            }
        }
        return value;
    }

    private static @Nullable String byDefault(String name, Arg arg, @Nullable String before) {
        String value = before;
        for (ArgDefinition definition : arg.definitions()) {
            if (definition.name().text().equals(name) && definition.value() != null) {
                value = definition.value().text().replace("\"", "");
            }
        }
        return value;
    }

    /// `true`, or a list of stages with this one in it.
    private static boolean isOn(@Nullable String value, String stage) {
        return switch (value) {
            case null -> false;
            case "1", "t", "T", "true", "TRUE", "True" -> true;
            case "0", "f", "F", "false", "FALSE", "False", "" -> false;
            default -> Arrays.asList(value.toLowerCase(Locale.ROOT).split(",")).contains(stage);
        };
    }
}
