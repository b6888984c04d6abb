package dev.jbuild.solver.plan;

import dev.jbuild.solver.graph.Op;
import dev.jbuild.solver.graph.Op.GitSource.FileTimes;
import dev.jbuild.solver.graph.RemoteAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A git repository as ADD and build contexts name it: `https://host/path.git`, `git://…`, `ssh://…` or
/// `user@host:path`, then `#REF[:SUBDIR]` or `?NAME=VALUE&…`.
///
/// @param remote what git is given
/// @param ref a branch, a tag or a commit, or a full name below `refs/`; empty for the remote's HEAD
/// @param subdirectory empty for the whole repository
/// @param checksum the beginning of the commit's ID, which must fit
/// @param keepGitDir null if the URL does not say
/// @param submodules null if the URL does not say: then they are fetched
/// @param fetchByCommit whether the checksum, a whole ID, is what to fetch, and the reference is only a name for it
public record GitUrl(
        RemoteAddress remote,
        String ref,
        String subdirectory,
        @Nullable String checksum,
        @Nullable Boolean keepGitDir,
        @Nullable Boolean submodules,
        FileTimes times,
        boolean fetchByCommit) {
    private static final Pattern URL =
            Pattern.compile("(?i)(https?|git|ssh)://([^/?#]*)([^?#]*)(?:\\?([^#]*))?(?:#(.*))?");
    private static final Pattern SCP = Pattern.compile("([\\w.-]+)@([\\w.-]+):([^?#]*)(?:\\?([^#]*))?(?:#(.*))?");
    // What `git check-ref-format` refuses, and what could be taken for an option.
    private static final Pattern BAD_REF =
            Pattern.compile("^-|\\.\\.|@\\{|[\\x00- ~^:?*\\[\\\\\\x7f]|^/|/$|//|\\.lock$");

    public GitUrl {
        if (BAD_REF.matcher(ref).find()) {
            throw new IllegalArgumentException("invalid git reference \"" + ref + '"');
        }
        if (subdirectory.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
            throw new IllegalArgumentException("invalid subdirectory \"" + subdirectory + '"');
        }
        if (checksum != null && !ResolvedCommit.isPrefix(checksum)) {
            throw new IllegalArgumentException(
                    "invalid git checksum \"" + checksum + "\": it should be a commit ID or its beginning");
        }
        if (fetchByCommit && (checksum == null || !ResolvedCommit.isId(checksum))) {
            throw new IllegalArgumentException("fetch-by-commit needs commit=… with a whole commit ID");
        }
    }

    /// Whether a text names a git repository, and no file and no other URL.
    public static boolean isGit(String text) {
        Matcher url = URL.matcher(text);
        if (url.matches()) {
            String scheme = url.group(1).toLowerCase(Locale.ROOT);
            return !scheme.startsWith("http") || url.group(3).endsWith(".git");
        }
        return SCP.matcher(text).matches();
    }

    /// Parses a git URL.
    ///
    /// @throws IllegalArgumentException if it is none, or says what cannot be; the message says what
    public static GitUrl parse(String text) {
        Matcher url = URL.matcher(text);
        Matcher scp = SCP.matcher(text);
        boolean isUrl = url.matches();
        if (!isGit(text) || (!isUrl && !scp.matches())) {
            throw new IllegalArgumentException("not a git URL: " + RemoteAddress.shown(text));
        }
        Matcher parts = isUrl ? url : scp;
        String host = parts.group(2).substring(parts.group(2).lastIndexOf('@') + 1);
        String path = parts.group(3);
        // ssh would take such a host for an option, and the server's git such a path.
        if (host.isEmpty() || host.startsWith("-") || parts.group(2).startsWith("-")) {
            throw new IllegalArgumentException("no host in " + RemoteAddress.shown(text));
        }
        if (path.isEmpty() || path.equals("/") || path.startsWith("-") || path.startsWith("/-")) {
            throw new IllegalArgumentException("no repository in " + RemoteAddress.shown(text));
        }
        String remote = isUrl
                ? parts.group(1).toLowerCase(Locale.ROOT) + "://" + parts.group(2) + path
                : parts.group(1) + "@" + host + ":" + path;
        if (!isUrl && parts.group(1).startsWith("-")) {
            throw new IllegalArgumentException("no user in " + RemoteAddress.shown(text));
        }
        GitQuery query = new GitQuery();
        String fragment = parts.group(5);
        if (fragment != null) {
            String decoded = decode(fragment);
            int colon = decoded.indexOf(':');
            query.fragment(
                    colon < 0 ? decoded : decoded.substring(0, colon), colon < 0 ? "" : decoded.substring(colon + 1));
        }
        query.read(parts.group(4));
        return query.url(new RemoteAddress(remote));
    }

    // A plus is a plus there, and no space.
    private static String decode(String fragment) {
        return URLDecoder.decode(fragment.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /// Refuses another commit than the one that the URL says it must be.
    public void check(ResolvedCommit found) {
        if (checksum != null && !found.matches(checksum)) {
            throw new RemoteSourceException(
                    "checksum mismatch: " + this + " is commit " + found.commit() + ", expected " + checksum, null);
        }
    }

    /// The operation that stands for this repository's files at a commit.
    public Op.GitSource at(ResolvedCommit found, boolean keepGit) {
        return new Op.GitSource(
                remote, found.name(), found.commit(), subdirectory, keepGit, !Boolean.FALSE.equals(submodules), times);
    }

    /// `REMOTE#REF:SUBDIR`, as it may be shown.
    @Override
    public String toString() {
        String place = subdirectory.isEmpty() ? ref : ref + ":" + subdirectory;
        return remote + (place.isEmpty() ? "" : "#" + place);
    }
}
