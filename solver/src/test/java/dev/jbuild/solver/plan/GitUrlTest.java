package dev.jbuild.solver.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GitUrlTest {
    private static final String WHOLE = "0123456789abcdef0123456789abcdef01234567";

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "https://example.com/x.git",
                "http://example.com/x.git#main",
                "HTTPS://example.com/x.git?branch=main",
                "https://user:token@example.com/x.git",
                "git://example.com/x",
                "ssh://git@example.com:2222/x.git",
                "git@example.com:x",
                "me@example.com:group/x.git#v1:sub"
            })
    void isGit(String text) {
        assertThat(GitUrl.isGit(text)).isTrue();
        assertThat(GitUrl.parse(text)).isNotNull();
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "https://example.com/x",
                "https://example.com/x.git/",
                "https://example.com/x.tar?name=x.git",
                "https://example.com/#x.git",
                "x.git",
                "./git@example.com:x",
                "example.com:x",
                "a file@example",
                "ftp://example.com/x.git",
                "file:///x.git",
                "ext::sh -c true"
            })
    void isNotGit(String text) {
        assertThat(GitUrl.isGit(text)).isFalse();
        assertThatThrownBy(() -> GitUrl.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest(name = "{0} is {1} at {2} in {3}")
    @CsvSource({
        "https://h/x.git, https://h/x.git, '', ''",
        "https://h/x.git#v1, https://h/x.git, v1, ''",
        "https://h/x.git#v1:a/b, https://h/x.git, v1, a/b",
        "https://h/x.git#:a, https://h/x.git, '', a",
        "https://h/x.git#a+b%2Fc, https://h/x.git, a+b/c, ''",
        "HTTP://h:80/x.git?ref=v1, http://h:80/x.git, v1, ''",
        "https://h/x.git?tag=v1, https://h/x.git, refs/tags/v1, ''",
        "https://h/x.git?branch=a/b&subdir=c, https://h/x.git, refs/heads/a/b, c",
        "https://h/x.git?branch=refs/heads/a, https://h/x.git, refs/heads/a, ''",
        "https://h/x.git?ref=v1&subdir=s#v1:s, https://h/x.git, v1, s",
        "https://h/x.git?commit=abc1, https://h/x.git, abc1, ''",
        "git@h:x/y?subdir=s, git@h:x/y, '', s",
        "ssh://git@h:22/x#b:c, ssh://git@h:22/x, b, c"
    })
    void namesARepositoryAReferenceAndADirectory(String text, String remote, String ref, String subdirectory) {
        GitUrl url = GitUrl.parse(text);
        assertThat(url.remote().text()).isEqualTo(remote);
        assertThat(url.ref()).isEqualTo(ref);
        assertThat(url.subdirectory()).isEqualTo(subdirectory);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "keep-git-dir, true, , CHECKOUT, false",
        "keep-git-dir=0&submodules=false, false, false, CHECKOUT, false",
        "submodules=1&mtime=commit, , true, COMMIT, false",
        "mtime=checkout&fetch-by-commit=true&commit=" + WHOLE + ", , , CHECKOUT, true"
    })
    void saysHowToCheckOut(String query, Boolean keep, Boolean submodules, String times, boolean byCommit) {
        GitUrl url = GitUrl.parse("https://h/x.git?" + query);
        assertThat(url.keepGitDir()).isEqualTo(keep);
        assertThat(url.submodules()).isEqualTo(submodules);
        assertThat(url.times()).hasToString(times);
        assertThat(url.fetchByCommit()).isEqualTo(byCommit);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiterString = " => ", textBlock = """
                    https://h/x.git?brunch=a => unexpected query "brunch" in a git URL: did you mean `branch`?
                    https://h/x.git?zzzzzzzzzzzz=a => there are ref, tag, branch
                    https://h/x.git?ref => query "ref" of a git URL has no value
                    https://h/x.git?ref=a&ref=b => query "ref" of a git URL has multiple values
                    https://h/x.git?ref=a#b => ref conflicts: "b" vs "a"
                    https://h/x.git?ref=a&tag=a => ref conflicts: "a" vs "refs/tags/a"
                    https://h/x.git?tag=a&branch=a => branch conflicts with tag
                    https://h/x.git?subdir=a#:b => subdir conflicts: "b" vs "a"
                    https://h/x.git?commit=a&checksum=b => checksum conflicts with commit
                    https://h/x.git?checksum=main => invalid git checksum "main"
                    https://h/x.git?submodules=no => invalid submodules value: "no"
                    https://h/x.git?mtime=now => invalid mtime value: "now": checkout or commit
                    https://h/x.git?fetch-by-commit&commit=abc => fetch-by-commit needs commit=
                    https://h/x.git#--upload-pack=touch => invalid git reference
                    https://h/x.git#a..b => invalid git reference
                    https://h/x.git#a%20b => invalid git reference
                    https:///x.git => no host
                    git://-oProxyCommand=x/y => no host
                    ssh://git@-oProxyCommand=x/y => no host
                    git@-h:x => no host
                    git@h:-x => no repository
                    git://h/ => no repository
                    """)
    void saysWhatIsWrong(String text, String message) {
        assertThatThrownBy(() -> GitUrl.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest(name = "{0} is shown as {1}")
    @CsvSource({
        "https://user:secret@h/x.git#v1:d, https://user:xxxxx@h/x.git#v1:d",
        "https://secret@h/x.git, https://xxxxx@h/x.git",
        "ssh://git@h/x, ssh://git@h/x",
        "ssh://me:secret@h/x, ssh://me:xxxxx@h/x",
        "git@h:x, git@h:x"
    })
    void isShownWithoutSecrets(String text, String shown) {
        assertThat(GitUrl.parse(text)).hasToString(shown);
    }
}
