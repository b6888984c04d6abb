package dev.jbuild.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.cli.Installation.Outcome;
import dev.jbuild.layerstore.fake.Shell;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What COPY can do since BuildKit, seen in the tar that a build writes.
@Timeout(120)
class CopyIT {
    @TempDir
    Path directory;

    private Path context;

    @BeforeEach
    void makeContext() {
        context = directory.resolve("context");
        Shell.run("""
                mkdir -p "$1" && cd "$1"
                mkdir -p src/api/v1 src/web base/tmp base/real
                printf a > src/api/v1/a.go; printf t > src/api/v1/a_test.go; printf w > src/web/w.go
                printf r > src/README.md; printf k > src/KEEP.md; printf '#!/bin/sh\\n' > run.sh
                chmod 700 src/api; chmod 600 src/web/w.go; chmod 744 run.sh; chmod 1777 base/tmp
                ln -s real base/link; printf key > key
                printf '*.pem\\nkey\\n' > .dockerignore
                """, context);
    }

    private String files(Jbuild jbuild, String dockerfile) throws Exception {
        Jbuild.context(context, dockerfile);
        jbuild.build(context, List.of("-o", "type=tar,dest=../out.tar"));
        return Shell.run(
                "tar --numeric-owner -tvf \"$1\" | sed -E 's/ +[0-9]+ [0-9]{4}-[0-9-]+ [0-9:]+ / /'",
                directory.resolve("out.tar"));
    }

    @Test
    void parentsAndExcludes() throws Exception {
        try (Jbuild jbuild = Jbuild.in(directory)) {
            assertThat(files(jbuild, """
                            FROM scratch
                            COPY --parents src/./**/*.go run.sh /parents/
                            COPY --exclude=**/*_test.go --exclude=*.md --exclude=!KEEP.md src /exclude
                            """)).isEqualTo("""
                            drwxr-xr-x 0/0 exclude/
                            -rw-r--r-- 0/0 exclude/KEEP.md
                            drwx------ 0/0 exclude/api/
                            drwxr-xr-x 0/0 exclude/api/v1/
                            -rw-r--r-- 0/0 exclude/api/v1/a.go
                            drwxr-xr-x 0/0 exclude/web/
                            -rw------- 0/0 exclude/web/w.go
                            drwxr-xr-x 0/0 parents/
                            drwx------ 0/0 parents/api/
                            drwxr-xr-x 0/0 parents/api/v1/
                            -rw-r--r-- 0/0 parents/api/v1/a.go
                            -rw-r--r-- 0/0 parents/api/v1/a_test.go
                            -rwxr--r-- 0/0 parents/run.sh
                            drwxr-xr-x 0/0 parents/web/
                            -rw------- 0/0 parents/web/w.go
                            """);
        }
    }

    @Test
    void hereDocuments() throws Exception {
        try (Jbuild jbuild = Jbuild.in(directory)) {
            String listed = files(jbuild, """
                    FROM scratch
                    ARG WHO=world
                    COPY --chown=1000:1000 <<hello <<'raw' run.sh <<-tabs /docs/
                    Hello $WHO, \\$5 "quoted"
                    hello
                    Raw $WHO
                    raw
                    	indented
                    	tabs
                    COPY --chmod=u+x,o= <<EOF /etc/one.sh
                    one=${WHO:+set}
                    EOF
                    COPY <<run.sh run.sh /last/
                    here
                    run.sh
                    ADD <<EOF /etc/
                    added
                    EOF
                    """);
            assertThat(listed).isEqualTo("""
                    drwxr-xr-x 1000/1000 docs/
                    -rw-r--r-- 1000/1000 docs/hello
                    -rw-r--r-- 1000/1000 docs/raw
                    -rwxr--r-- 1000/1000 docs/run.sh
                    -rw-r--r-- 1000/1000 docs/tabs
                    drwxr-xr-x 0/0 etc/
                    -rw-r--r-- 0/0 etc/EOF
                    -rwxr----- 0/0 etc/one.sh
                    drwxr-xr-x 0/0 last/
                    -rw-r--r-- 0/0 last/run.sh
                    """);
            String order = "docs/hello docs/raw docs/tabs etc/one.sh last/run.sh etc/EOF";
            assertThat(Shell.run("cd \"$1\" && for f in " + order + "; do tar -xOf out.tar $f; done", directory))
                    .isEqualTo("""
                    Hello world, $5 "quoted"
                    Raw $WHO
                    indented
                    one=set
                    here
                    added
                    """);
        }
    }

    @Test
    void linkedCopiesDoNotLookAtWhatIsBelow() throws Exception {
        try (Jbuild jbuild = Jbuild.in(directory)) {
            assertThat(files(jbuild, """
                            FROM scratch AS base
                            COPY base /
                            FROM base
                            COPY --chmod=u+rwX,go=rX src/api /chmod
                            COPY --link --chmod=711 run.sh /tmp/
                            COPY run.sh /link/
                            FROM base
                            COPY --link --chown=5:0 run.sh /tmp/
                            COPY --link run.sh /link/
                            COPY --link --chmod=711 run.sh /real/new/
                            COPY --link --exclude=v1 src/api /
                            """)).isEqualTo("""
                            drwxr-xr-x 0/0 link/
                            -rwxr--r-- 0/0 link/run.sh
                            drwxr-xr-x 0/0 real/
                            drwx--x--x 0/0 real/new/
                            -rwx--x--x 0/0 real/new/run.sh
                            drwxr-xr-x 5/0 tmp/
                            -rwxr--r-- 5/0 tmp/run.sh
                            """);
            assertThat(files(jbuild, """
                            FROM scratch AS base
                            COPY base /
                            FROM base
                            COPY --chmod=u+rwX,go=rX src/api /chmod
                            COPY --link --chmod=711 run.sh /tmp/
                            COPY run.sh /link/
                            """)).isEqualTo("""
                            drwxr-xr-x 0/0 chmod/
                            drwxr-xr-x 0/0 chmod/v1/
                            -rw-r--r-- 0/0 chmod/v1/a.go
                            -rw-r--r-- 0/0 chmod/v1/a_test.go
                            lrwxrwxrwx 0/0 link -> real
                            drwxr-xr-x 0/0 real/
                            -rwxr--r-- 0/0 real/run.sh
                            drwxrwxrwt 0/0 tmp/
                            -rwx--x--x 0/0 tmp/run.sh
                            """);
        }
    }

    @Test
    void aMissingFileIsExplainedWhereverItShouldBe() throws Exception {
        try (Jbuild jbuild = Jbuild.in(directory)) {
            Path real = context.toRealPath();
            Files.createDirectories(directory.resolve("lib"));
            Files.writeString(directory.resolve("lib/README.md"), "x");
            assertThat(failure(jbuild, "FROM scratch\nCOPY key /\n"))
                    .contains("\"/key\" not found in the build context " + real
                            + ": it is excluded by \"key\" in line 2 of ")
                    .contains(".dockerignore\nDockerfile:2:1\n");
            assertThat(failure(jbuild, "FROM scratch\nCOPY src/api/v2/a.go /\n"))
                    .contains("\"/src/api/v2/a.go\" not found in the build context " + real
                            + "; did you mean \"/src/api/v1\"?\nDockerfile:2:1\n");
            assertThat(failure(jbuild, "FROM scratch AS made\nCOPY src /app\nFROM scratch\nCOPY --from=made /ap/x /\n"))
                    .contains(
                            "\"/ap/x\" not found in the build stage \"made\"; did you mean \"/app\"?\nDockerfile:4:1\n");
            assertThat(failure(jbuild, "FROM scratch\nCOPY --from=lib REDME.md /\n"))
                    .contains("\"/REDME.md\" not found in the named context \"lib\", "
                            + directory.resolve("lib").toRealPath()
                            + "; did you mean \"/README.md\"?\nDockerfile:2:1\n");
        }
    }

    private String failure(Jbuild jbuild, String dockerfile) throws Exception {
        Jbuild.context(context, dockerfile);
        Outcome outcome = jbuild.tryBuild(context, List.of("--build-context", "lib=../lib"));
        assertThat(outcome.code()).isEqualTo(1);
        return outcome.err();
    }
}
