package dev.jbuild.layerstore.registry;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One way to authenticate, as a `WWW-Authenticate` header offers it.
///
/// @param scheme in lower case: `bearer`, `basic`
/// @param parameters with names in lower case
record Challenge(String scheme, Map<String, String> parameters) {
    // A parameter, or else the scheme of the next challenge.
    private static final Pattern PART = Pattern.compile(
            "\\s*,?\\s*(?:([A-Za-z0-9_-]+)\\s*=\\s*(?:\"((?:[^\"\\\\]|\\\\.)*+)\"|([^\\s,\"]*))|([A-Za-z0-9_-]+))");

    Challenge {
        parameters = Map.copyOf(parameters);
    }

    String parameter(String name) {
        return parameters.getOrDefault(name, "");
    }

    /// All challenges of these header lines; what cannot be read ends its line.
    static List<Challenge> parse(List<String> headers) {
        List<Challenge> challenges = new ArrayList<>();
        for (String header : headers) {
            String scheme = null;
            Map<String, String> parameters = new TreeMap<>();
            Matcher part = PART.matcher(header);
            for (int at = 0;
                    at < header.length() && part.region(at, header.length()).lookingAt();
                    at = part.end()) {
                if (part.group(4) != null) {
                    if (scheme != null) {
                        challenges.add(new Challenge(scheme, parameters));
                    }
                    scheme = part.group(4).toLowerCase(Locale.ROOT);
                    parameters = new TreeMap<>();
                } else {
                    String value = part.group(2) == null
                            ? part.group(3)
                            : part.group(2).replaceAll("\\\\(.)", "$1");
                    parameters.put(part.group(1).toLowerCase(Locale.ROOT), value);
                }
            }
            if (scheme != null) {
                challenges.add(new Challenge(scheme, parameters));
            }
        }
        return challenges;
    }
}
