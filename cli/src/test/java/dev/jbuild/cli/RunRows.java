package dev.jbuild.cli;

import static dev.jbuild.cli.Rung.BARE;
import static dev.jbuild.cli.Rung.CHROOT;
import static dev.jbuild.cli.Rung.ONE_USER;

import java.util.List;
import java.util.stream.Stream;

/// Everything that RUN does and that a rung could do differently: rows of the table in `docs/isolation.md`.
/// [RungsIT] builds each on every rung, from a busybox with a program `try` that says whether a file may be written to.
final class RunRows {
    static final String PROXY = "http://user:password@proxy:1";

    private static final List<RunRow> PROCESS = List.of(
            RunRow.of(
                    "forms",
                    "shell form, exec form, here-documents, `SHELL`",
                    """
                    RUN echo "shell $0"
                    RUN ["echo", "exec $HOME"]
                    SHELL ["/bin/busybox", "sh", "-c"]
                    RUN <<EOF
                    echo "here-document of $0"
                    EOF
                    RUN <<EOF
                    #!/bin/sed 1d
                    script
                    EOF
                    """,
                    "shell /bin/sh",
                    "exec $HOME",
                    "here-document of sh",
                    "script"),
            RunRow.of("environment", "`ENV`, `ARG`, `HOME`, proxies; no `TERM`", """
                    ENV A=1
                    ARG B=2
                    RUN echo "$A$B|$HOME|${TERM-unset}|$http_proxy"
                    RUN ["awk", "BEGIN { for (name in ENVIRON) if (name ~ /PWD|SHLVL|^_$/) print name; print 7 }"]
                    """, "12|/root|unset|" + PROXY, "7"),
            RunRow.of("directory", "the working directory, made if it is missing", """
                    WORKDIR /not/there/yet
                    RUN pwd
                    """, "/not/there/yet"),
            RunRow.of(
                            "users",
                            "`USER` by name and number, with the groups and the home that the image knows",
                            """
                    RUN echo 'who:x:1000:1001::/home/who:/bin/sh' >> /etc/passwd && echo 'more:x:44:who' >> /etc/group
                    USER who
                    RUN echo "$HOME|$(id -u):$(id -g):$(id -G)"; try /etc/passwd
                    USER 12345
                    RUN id -u && id -g && echo $HOME
                    USER who:44
                    RUN id -G
                    """,
                            "/home/who|1000:1001:1001 44",
                            "read-only",
                            "12345",
                            "0",
                            "/",
                            "44")
                    .refused(ONE_USER, "RUN cannot run as user who: there is only one user in this user namespace"),
            RunRow.of("owners", "giving files to others", """
                    RUN touch /file && chown 5:6 /file 2>&1 && stat -c %u:%g /file || echo no
                    """, "5:6")
                    .but(ONE_USER, "refused to it", "chown: /file: Invalid argument", "no"),
            RunRow.of("input", "standard input is empty", "RUN test ! -t 0; cat | wc -c\n", "0"),
            RunRow.of("leftovers", "what a step leaves running is ended with it", """
                    RUN sleep 1000.5 & setsid sleep 1000.5 & echo started
                    """, "started"),
            RunRow.of("ulimit", "`--ulimit`", "RUN ulimit -Sn; ulimit -Hn; ulimit -c\n", "400", "500", "0")
                    .with("--ulimit=nofile=400:500", "--ulimit=core=0"),
            RunRow.of("rights", "Docker's capabilities", """
                    RUN awk '/CapEff/ {print $2}' /proc/self/status 2>/dev/null; mount -t tmpfs none /mnt 2>/dev/null || echo refused
                    """, "00000000a80425fb", "refused")
                    .but(BARE, "those of the container", "refused"),
            RunRow.of("filter", "Docker's filter of system calls", """
                    RUN awk '/^Seccomp:/ {print $2}' /proc/self/status 2>/dev/null; unshare -U true 2>/dev/null || echo refused
                    """, "2", "refused")
                    .but(BARE, "that of the container", "refused"),
            RunRow.of("insecure", "`--security=insecure`", """
                    RUN --security=insecure mkdir /m && mount -t tmpfs none /m && echo mounted; \\
                        test -w /proc/sys/kernel/hostname && echo writable
                    """, "mounted", "writable")
                    .with("--allow=security.insecure")
                    .refused(BARE, "RUN --security=insecure cannot be had without the right to mount"));

    private static final List<RunRow> MACHINE = List.of(
            RunRow.of("processes", "numbers of processes of its own", """
                    RUN [ $$ = 1 ] && echo own || echo "not own"
                    """, "own")
                    .but(CHROOT, "the machine's", "not own")
                    .but(BARE, "the container's", "not own"),
            RunRow.of("host-name", "a host name of its own", """
                    RUN [ "$(hostname)" = buildkitsandbox ] && echo own || echo "not own"
                    """, "own")
                    .but(CHROOT, "the machine's", "not own")
                    .but(BARE, "the container's", "not own"),
            RunRow.of("kernel-files", "`/proc` and a read-only `/sys`", """
                    RUN test -e /proc/self/status && test -e /sys/class && try /proc/sys/vm/swappiness && try /sys/power/state; true
                    """, "read-only", "read-only")
                    .but(BARE, "some files of `/proc`"),
            RunRow.of("devices", "`/dev` with null, zero, full, random, urandom, tty, shm", """
                    RUN cd /dev; for file in null zero full random urandom tty; do test -c $file || echo no $file; done; \\
                        echo lost > null; head -c 3 zero | wc -c; try full; echo x > shm/x; test -L fd && test -L stdout
                    """, "3", "read-only"),
            RunRow.of(
                            "terminals",
                            "terminals and message queues: `/dev/pts`, `/dev/mqueue`",
                            """
                    RUN test -L /dev/ptmx && test -c /dev/pts/ptmx && echo terminals; grep -q ' /dev/mqueue ' /proc/mounts && echo queues; true
                    """,
                            "terminals",
                            "queues")
                    .but(CHROOT, "terminals only", "terminals")
                    .but(BARE, "none"),
            RunRow.of("shm-size", "`--shm-size`", """
                    RUN df -k /dev/shm | tail -1 | awk '{print $2}'
                    """, "1024")
                    .with("--shm-size=1m")
                    .refused(BARE, "--shm-size cannot be had without the right to mount"),
            RunRow.of(
                            "hosts",
                            "`/etc/hosts` with `--add-host`, `/etc/resolv.conf`; afterwards the image's own",
                            """
                    COPY <<EOF /etc/resolv.conf
                    of the image
                    EOF
                    RUN tr '\\t' ' ' < /etc/hosts; ! grep image /etc/resolv.conf; try /etc/hosts; try /etc/resolv.conf
                    FROM base AS hosts-after
                    RUN --mount=from=hosts,target=/m cat /m/etc/resolv.conf; ! grep -s db /m/etc/hosts
                    """,
                            "127.0.0.1 localhost buildkitsandbox",
                            "::1 localhost ip6-localhost ip6-loopback",
                            "10.0.0.1 db",
                            "fe80::1 six",
                            "127.0.0.1 me",
                            "read-only",
                            "read-only",
                            "of the image")
                    .with("--add-host=db:10.0.0.1", "--add-host=six:[fe80::1]", "--add-host=me=host-gateway")
                    .but(
                            BARE,
                            "not read-only",
                            "127.0.0.1 localhost buildkitsandbox",
                            "::1 localhost ip6-localhost ip6-loopback",
                            "10.0.0.1 db",
                            "fe80::1 six",
                            "127.0.0.1 me",
                            "writable",
                            "writable",
                            "of the image"),
            RunRow.of("network-none", "`--network=none`: a loopback interface and nothing else", """
                    RUN --network=none ls /sys/class/net; grep -c : /proc/net/dev; ping -c 1 -w 2 127.0.0.1 >/dev/null && echo up
                    """, "lo", "1", "up")
                    .refused(CHROOT, "RUN --network=none cannot be had with chroot isolation")
                    .refused(BARE, "RUN --network=none cannot be had with chroot isolation"),
            RunRow.of("network-host", "`--network=host`: the machine's network", """
                    RUN --network=host nc -w 2 127.0.0.1 $PORT
                    """, "the machine")
                    .with("--allow=network.host"));

    private static final List<RunRow> MOUNTS = List.of(
            RunRow.of(
                            "bind",
                            "bind mounts, read-only; `rw`, whose writes are thrown away",
                            """
                    ENV DIR=deep
                    WORKDIR /made
                    RUN --mount=type=bind,target=rw,rw --mount=type=bind,source=file,target=/made/$DIR/file \\
                        --mount=type=bind,from=base,source=/row,target=/made/row \\
                        echo new > rw/file && cat rw/file deep/file && ls /made && try deep/file
                    RUN --mount=type=bind,target=/context cat /context/file
                    """,
                            "new",
                            "content",
                            "deep",
                            "row",
                            "rw",
                            "read-only",
                            "content")
                    .but(BARE, "not read-only", "new", "content", "deep", "row", "rw", "writable", "content"),
            RunRow.of(
                            "cache",
                            "cache mounts: seeded by `from`, `mode`, `uid`, `gid`, `ro`, `sharing`",
                            """
                    FROM base AS cache-seed
                    RUN mkdir /seed && echo seeded > /seed/one
                    FROM base AS cache-used
                    RUN --mount=type=cache,id=$RUNG,from=cache-seed,source=/seed,target=/cache,mode=0750,uid=5,gid=6 \\
                        stat -c '%a %u:%g' /cache && cat /cache/one && echo two > /cache/one
                    RUN --mount=type=cache,id=$RUNG,target=/cache,ro,sharing=locked cat /cache/one; try /cache/new
                    RUN --mount=type=cache,id=$RUNG,target=/cache,sharing=private cat /cache/*
                    FROM cache-used AS cache-end
                    """,
                            "750 5:6",
                            "seeded",
                            "two",
                            "read-only",
                            "two")
                    .but(BARE, "`ro` is not read-only", "750 5:6", "seeded", "two", "writable", "two")
                    .but(ONE_USER, "`uid` and `gid` are root's", "750 0:0", "seeded", "two", "read-only", "two"),
            RunRow.of("tmpfs", "tmpfs mounts with `size`, one in another", """
                    RUN --mount=type=tmpfs,target=/deep/tmp,size=64k --mount=type=tmpfs,target=/deep \\
                        dd if=/dev/zero of=/deep/tmp/big bs=1k count=100 2>/dev/null; wc -c < /deep/tmp/big
                    """, "65536")
                    .but(BARE, "`size` is no limit", "102400"),
            RunRow.of(
                    "traces",
                    "mounts leave neither files nor changed times behind",
                    """
                    RUN mkdir /made && touch -d @1000000000 / /made /etc
                    RUN --mount=type=bind,source=file,target=/made/a/b/file --mount=type=cache,target=/made/c \\
                        --mount=type=tmpfs,target=/top --mount=type=secret,id=variable,env=V true
                    RUN ls -A /made; ls -d /top /run/secrets 2>/dev/null; stat -c '%Y %n' /made /etc
                    """,
                    "1000000000 /made",
                    "1000000000 /etc"),
            RunRow.of(
                            "secret-file",
                            "secrets as files, with `mode`, `uid` and `gid`",
                            """
                    RUN --mount=type=secret,id=file --mount=type=secret,id=file,target=/root/x,mode=0440,uid=7,gid=8 \\
                        --mount=type=secret,id=absent \\
                        stat -c '%a %u:%g %s' /run/secrets/file /root/x && cat /root/x && ls /run/secrets
                    RUN ls -d /run/secrets /root/x 2>/dev/null || echo gone
                    """,
                            "400 0:0 19",
                            "440 7:8 19",
                            "***",
                            "file",
                            "gone")
                    .but(ONE_USER, "`uid` and `gid` are root's", "400 0:0 19", "440 0:0 19", "***", "file", "gone")
                    .refused(BARE, "secrets and ssh agents need a file system in memory"),
            RunRow.of("secret-variable", "secrets as variables", """
                    RUN --mount=type=secret,id=variable,env=TOKEN --mount=type=secret,id=absent,env=ABSENT \\
                        echo "${#TOKEN} $TOKEN ${ABSENT-unset}"
                    RUN echo "${TOKEN-unset}"
                    """, "22 *** unset", "unset"),
            RunRow.of("ssh", "ssh agents", """
                    RUN --mount=type=ssh,mode=0620 --mount=type=ssh,id=absent \\
                        echo $SSH_AUTH_SOCK; stat -c '%A %u:%g' $SSH_AUTH_SOCK; ls /run/buildkit
                    """, "/run/buildkit/ssh_agent.0", "srw--w---- 0:0", "ssh_agent.0")
                    .refused(BARE, "secrets and ssh agents need a file system in memory"));

    static final List<RunRow> ALL =
            Stream.of(PROCESS, MACHINE, MOUNTS).flatMap(List::stream).toList();

    private RunRows() {}
}
