package dev.jbuild.parser;

import java.util.List;

/// The names of all instructions.
final class Keywords {
    static final List<String> ALL = List.of(
            "ADD",
            "ARG",
            "CMD",
            "COPY",
            "ENTRYPOINT",
            "ENV",
            "EXPOSE",
            "FROM",
            "HEALTHCHECK",
            "LABEL",
            "MAINTAINER",
            "ONBUILD",
            "RUN",
            "SHELL",
            "STOPSIGNAL",
            "USER",
            "VOLUME",
            "WORKDIR");

    private Keywords() {}

    static boolean takesHeredocs(String keyword) {
        return switch (keyword) {
            case "RUN", "COPY", "ADD" -> true;
            default -> false;
        };
    }
}
