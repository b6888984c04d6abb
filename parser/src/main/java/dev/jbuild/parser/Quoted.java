package dev.jbuild.parser;

/// Words of a Dockerfile inside messages: short, and without characters that a terminal would obey.
final class Quoted {
    private static final int MAX = 60;

    private Quoted() {}

    /// The word between backticks.
    static String of(String word) {
        StringBuilder shown = new StringBuilder("`");
        int length = Math.min(word.length(), MAX);
        for (int i = 0; i < length; i++) {
            char c = word.charAt(i);
            if (Character.isISOControl(c)) {
                shown.append(String.format("\\x%02x", (int) c));
            } else {
                shown.append(c);
            }
        }
        return shown.append(word.length() > MAX ? "…`" : "`").toString();
    }
}
