package dev.jbuild.solver.plan;

import dev.jbuild.layerstore.oci.Healthcheck;
import dev.jbuild.parser.ast.Command;
import dev.jbuild.parser.ast.ExecForm;
import dev.jbuild.parser.ast.ShellForm;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// HEALTHCHECK as the image configuration holds it; zero stands for "as the base has it".
final class HealthcheckTranslator {
    private HealthcheckTranslator() {}

    static Healthcheck translate(dev.jbuild.parser.ast.Healthcheck check) {
        Integer retries = check.retries();
        return new Healthcheck(
                test(check.test()),
                orZero(check.interval()),
                orZero(check.timeout()),
                orZero(check.startPeriod()),
                orZero(check.startInterval()),
                retries == null ? 0 : retries);
    }

    private static List<String> test(@Nullable Command command) {
        return switch (command) {
            case null -> List.of("NONE");
            case ShellForm shell -> List.of("CMD-SHELL", shell.text());
            case ExecForm exec -> {
                List<String> words = new ArrayList<>(List.of("CMD"));
                words.addAll(exec.arguments());
                yield words;
            }
        };
    }

    private static Duration orZero(@Nullable Duration duration) {
        return duration == null ? Duration.ZERO : duration;
    }
}
