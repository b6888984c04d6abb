package dev.jbuild.cli.report;

/// Colours text, or leaves it as it is where colours are not wanted.
enum Ink {
    RED("31"),
    YELLOW("33"),
    BLUE("34"),
    CYAN("36"),
    BOLD("1"),
    DIM("2");

    private final String code;

    Ink(String code) {
        this.code = code;
    }

    String on(String text, boolean colour) {
        return colour ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
