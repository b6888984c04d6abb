package dev.jbuild.solver.graph;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Where something remote is: a URL, or `user@host:path` as git takes it. It may hold a password, so only [#text()]
/// tells all of it; what is printed or kept in a record is [#toString()].
public record RemoteAddress(String text) {
    private static final Pattern LOGIN = Pattern.compile("^([a-zA-Z][a-zA-Z0-9+.-]*://)([^/?#]*)@");

    public RemoteAddress {
        if (text.isEmpty() || text.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
            throw new IllegalArgumentException("not an address: \"" + shown(text) + '"');
        }
    }

    /// The login in the address, `user:password` as it is written there; null if there is none. The user of ssh is no
    /// secret, and stays where it is.
    public @Nullable String login() {
        Matcher login = LOGIN.matcher(text);
        return login.find() && !login.group(1).startsWith("ssh") ? login.group(2) : null;
    }

    /// The address without its login.
    public String withoutLogin() {
        String login = login();
        return login == null ? text : text.replaceFirst(Pattern.quote(login + "@"), "");
    }

    /// The address with `xxxxx` in the place of a password, or of a user's name that may well be a token.
    @Override
    public String toString() {
        return shown(text);
    }

    /// A text that may begin with an address, as it may be shown.
    public static String shown(String text) {
        return LOGIN.matcher(text).replaceFirst(login -> {
            String user = login.group(2);
            int colon = user.indexOf(':');
            boolean plain = user.equals("git") || (colon < 0 && login.group(1).startsWith("ssh"));
            String kept = plain ? user : colon < 0 ? "xxxxx" : user.substring(0, colon) + ":xxxxx";
            return Matcher.quoteReplacement(login.group(1) + kept + "@");
        });
    }
}
