package dev.jbuild.parser;

import java.util.List;
import java.util.Map;

/// The names of all instructions, and of the flags that each of them has.
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

    private static final Map<String, Map<String, Flags.Kind>> FLAGS = Map.of(
            "FROM", Map.of("platform", Flags.Kind.VALUE),
            "RUN",
                    Map.of(
                            "mount", Flags.Kind.VALUES,
                            "network", Flags.Kind.VALUE,
                            "security", Flags.Kind.VALUE),
            "COPY",
                    Map.of(
                            "from", Flags.Kind.VALUE,
                            "chown", Flags.Kind.VALUE,
                            "chmod", Flags.Kind.VALUE,
                            "link", Flags.Kind.SWITCH,
                            "parents", Flags.Kind.SWITCH,
                            "exclude", Flags.Kind.VALUES),
            "ADD",
                    Map.of(
                            "chown", Flags.Kind.VALUE,
                            "chmod", Flags.Kind.VALUE,
                            "link", Flags.Kind.SWITCH,
                            "keep-git-dir", Flags.Kind.SWITCH,
                            "checksum", Flags.Kind.VALUE,
                            "unpack", Flags.Kind.SWITCH,
                            "exclude", Flags.Kind.VALUES),
            "HEALTHCHECK",
                    Map.of(
                            "interval", Flags.Kind.VALUE,
                            "timeout", Flags.Kind.VALUE,
                            "start-period", Flags.Kind.VALUE,
                            "start-interval", Flags.Kind.VALUE,
                            "retries", Flags.Kind.VALUE));

    private Keywords() {}

    /// The flags of an instruction, given in upper case.
    static Map<String, Flags.Kind> flags(String keyword) {
        return FLAGS.getOrDefault(keyword, Map.of());
    }

    /// What to write where an instruction, given in upper case, lacks its arguments.
    static String example(String keyword) {
        return "for example "
                + switch (keyword) {
                    case "ARG" -> "ARG VERSION=1.0";
                    case "ENV" -> "ENV LANG=C.UTF-8";
                    case "EXPOSE" -> "EXPOSE 8080/tcp";
                    case "LABEL" -> "LABEL org.opencontainers.image.title=\"my image\"";
                    case "MAINTAINER" -> "MAINTAINER you@example.com";
                    case "ONBUILD" -> "ONBUILD COPY . /app";
                    case "SHELL" -> "SHELL [\"/bin/bash\", \"-c\"]";
                    case "STOPSIGNAL" -> "STOPSIGNAL SIGTERM";
                    case "USER" -> "USER nobody";
                    case "VOLUME" -> "VOLUME /data";
                    case "WORKDIR" -> "WORKDIR /app";
                    default -> keyword + " …";
                };
    }

    static boolean takesHeredocs(String keyword) {
        return switch (keyword) {
            case "RUN", "COPY", "ADD" -> true;
            default -> false;
        };
    }
}
