package dev.jbuild.exporter.attestation;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Takes logins out of URLs, wherever in a text they stand.
public final class Redaction {
    private static final Pattern LOGIN =
            Pattern.compile("([a-zA-Z][a-zA-Z0-9+.-]{0,20}://)[^\\s/?#@\"'`<>]{1,4096}@(?!sha256:)");

    private Redaction() {}

    /// The text with nothing between the scheme and the host of its URLs. `git@` stays: it is the same everywhere.
    public static String text(String text) {
        if (!text.contains("://")) {
            return text;
        }
        return LOGIN.matcher(text).replaceAll(found -> {
            String kept = found.group().endsWith("://git@") ? found.group() : found.group(1);
            return Matcher.quoteReplacement(kept);
        });
    }
}
