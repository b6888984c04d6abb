package dev.jbuild.cli;

import dev.jbuild.cli.report.UsageException;
import dev.jbuild.solver.graph.RemoteAddress;
import dev.jbuild.solver.plan.GitUrl;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What the operand of `jbuild build` says the build context is.
sealed interface ContextOperand {
    /// A directory of this machine; need not exist.
    record Directory(Path path) implements ContextOperand {}

    /// Standard input: an archive of the context, or a Dockerfile that needs none.
    record StandardInput() implements ContextOperand {}

    /// A git repository.
    record Git(GitUrl repository) implements ContextOperand {}

    /// An archive or a Dockerfile on a web server.
    record Http(RemoteAddress url) implements ContextOperand {}

    /// A text that begins with a scheme, as URLs do.
    Pattern SCHEME = Pattern.compile("^([A-Za-z][A-Za-z0-9+.-]+)://.*", Pattern.DOTALL);

    /// The context that this text names.
    ///
    /// @param directory what relative paths are relative to
    static ContextOperand of(String text, Path directory) {
        if (text.equals("-")) {
            return new StandardInput();
        }
        // What is there wins: a directory may be named as it likes.
        if (text.indexOf('\0') < 0 && Files.isDirectory(directory.resolve(text))) {
            return new Directory(directory.resolve(text));
        }
        Optional<GitUrl> git = git(text, "the build context " + RemoteAddress.shown(text));
        if (git.isPresent()) {
            return new Git(git.get());
        }
        if (isHttp(text)) {
            return new Http(RemoteInput.address(text));
        }
        Matcher scheme = SCHEME.matcher(text);
        if (scheme.matches()) {
            throw new UsageException("the build context " + RemoteAddress.shown(text) + ": " + scheme.group(1)
                    + ":// is not supported; expected a directory, a Git or http(s) URL, or -");
        }
        return new Directory(directory.resolve(text));
    }

    /// The git repository that this text names, if it names one. `github.com/OWNER/NAME` is one too, as it ever was.
    ///
    /// @param where how messages begin
    static Optional<GitUrl> git(String text, String where) {
        String url = text.startsWith("github.com/") ? onGithub(text) : text;
        if (!GitUrl.isGit(url)) {
            return Optional.empty();
        }
        try {
            return Optional.of(GitUrl.parse(url));
        } catch (IllegalArgumentException e) {
            throw new UsageException(where + ": " + e.getMessage());
        }
    }

    private static String onGithub(String text) {
        int end = text.length();
        for (char mark : new char[] {'?', '#'}) {
            int at = text.indexOf(mark);
            end = at < 0 ? end : Math.min(end, at);
        }
        String path = text.substring(0, end);
        return "https://" + path + (path.endsWith(".git") ? "" : ".git") + text.substring(end);
    }

    /// Whether this names a file on a web server.
    static boolean isHttp(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        return lower.startsWith("http://") || lower.startsWith("https://");
    }
}
