package dev.jbuild.solver.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What the filter's two forms allow, against the profile that they are made from.
class SystemCallFilterTest {
    private static final int X86_64 = 0xc000003e;
    private static final int I386 = 0x40000003;
    private static final int AARCH64 = 0xc00000b7;
    private static final int ARM = 0x40000028;
    private static final Map<String, Integer> MACHINES =
            Map.of("x86-64", X86_64, "i386", I386, "aarch64", AARCH64, "arm", ARM, "riscv64", 0xc00000f3);
    private static final int ALLOW = 0x7fff0000;
    private static final int ERRNO = 0x00050000;
    /// What later profiles do not allow any more, or not with every argument: `testdata/seccomp/README.md`.
    private static final Set<String> NO_MORE =
            Set.of("io_uring_enter", "io_uring_register", "io_uring_setup", "socket");

    @ParameterizedTest
    @ValueSource(strings = {"amd64", "arm64"})
    void runtimesAreToldWhatTheProfileSays(String architecture) throws IOException {
        Set<String> profile = names(new JsonFactory()
                .createParser(Path.of(System.getProperty("jbuild.testdata"), "seccomp", "docker.json")
                        .toFile()));
        Set<String> ours = names(
                new JsonFactory().createParser(SystemCallFilter.of(architecture).json()));

        Set<String> missing = new TreeSet<>(profile);
        missing.removeAll(ours);
        assertThat(missing).as("what the profile allows and this does not").isEqualTo(NO_MORE);
        assertThat(ours)
                .contains("chroot")
                .doesNotContain("mount", "umount2", "unshare", "setns", "keyctl", "bpf", "add_key", "reboot")
                .doesNotContain("open_by_handle_at", "kexec_load", "perf_event_open", "userfaultfd", "init_module");
    }

    /// The names in the first rule, which takes no arguments.
    private static Set<String> names(JsonParser json) throws IOException {
        Set<String> names = new HashSet<>();
        try (json) {
            while (!"names".equals(json.currentName()) || json.currentToken() != JsonToken.START_ARRAY) {
                json.nextToken();
            }
            while (json.nextToken() == JsonToken.VALUE_STRING) {
                names.add(json.getText());
            }
        }
        return names;
    }

    @ParameterizedTest(name = "{0} {1}({3}, {4}): {5}, early {6}, joining {7}")
    @CsvSource({
        // machine, call, number, first argument, second argument, verdict, of the early program, of the joining one
        "x86-64, read, 0, 0, 0, allowed, allowed, allowed",
        "x86-64, execve, 59, 0, 0, allowed, allowed, allowed",
        "x86-64, ptrace, 101, 0, 0, allowed, allowed, allowed",
        "x86-64, chroot, 161, 0, 0, allowed, allowed, allowed",
        "x86-64, clone of a thread, 56, 0x3d0f00, 0, allowed, allowed, allowed",
        "x86-64, clone of a user namespace, 56, 0x10000011, 0, EPERM, EPERM, EPERM",
        "x86-64, clone of a process namespace, 56, 0x20000011, 0, EPERM, EPERM, EPERM",
        "x86-64, clone3, 435, 0, 0, ENOSYS, ENOSYS, ENOSYS",
        "x86-64, mount, 165, 0, 0, EPERM, allowed, allowed",
        "x86-64, umount2, 166, 0, 0, EPERM, allowed, allowed",
        "x86-64, unshare of mounts, 272, 0x20000, 0, EPERM, allowed, allowed",
        "x86-64, unshare of users, 272, 0x10000000, 0, EPERM, EPERM, EPERM",
        "x86-64, unshare of users and mounts, 272, 0x10020000, 0, EPERM, EPERM, EPERM",
        "x86-64, setns of whatever it is, 308, 3, 0, EPERM, EPERM, EPERM",
        "x86-64, setns of users, 308, 3, 0x10000000, EPERM, EPERM, allowed",
        "x86-64, setns of mounts, 308, 3, 0x20000, EPERM, EPERM, EPERM",
        "x86-64, setns of users and mounts, 308, 3, 0x10020000, EPERM, EPERM, EPERM",
        "x86-64, setns with a flag of 64 bits, 308, 3, 0x110000000, EPERM, EPERM, EPERM",
        "i386, setns of users, 346, 3, 0x10000000, EPERM, EPERM, allowed",
        "aarch64, setns of users, 268, 3, 0x10000000, EPERM, EPERM, allowed",
        "aarch64, setns of processes, 268, 3, 0x20000000, EPERM, EPERM, EPERM",
        "x86-64, pivot_root, 155, 0, 0, EPERM, EPERM, EPERM",
        "x86-64, fsopen, 430, 0, 0, EPERM, ENOSYS, ENOSYS",
        "x86-64, keyctl, 250, 0, 0, EPERM, EPERM, EPERM",
        "x86-64, bpf, 321, 0, 0, EPERM, EPERM, EPERM",
        "x86-64, kexec_load, 246, 0, 0, EPERM, EPERM, EPERM",
        "x86-64, reboot, 169, 0, 0, EPERM, EPERM, EPERM",
        "x86-64, open_by_handle_at, 304, 0, 0, EPERM, EPERM, EPERM",
        "x86-64, io_uring_setup, 425, 0, 0, EPERM, EPERM, EPERM",
        "x86-64, init_module, 175, 0, 0, EPERM, EPERM, EPERM",
        "x86-64, personality of Linux, 135, 0, 0, allowed, allowed, allowed",
        "x86-64, socket of a network, 41, 2, 0, allowed, allowed, allowed",
        "x86-64, socket of the kernel's ciphers, 41, 38, 0, EPERM, EPERM, EPERM",
        "x86-64, socket to the host of a virtual machine, 41, 40, 0, EPERM, EPERM, EPERM",
        "x86-64, a call of the future, 900, 0, 0, ENOSYS, ENOSYS, ENOSYS",
        "x86-64, mount of x32, 0x400000a5, 0, 0, EPERM, allowed, allowed",
        "i386, mount, 21, 0, 0, EPERM, allowed, allowed",
        "i386, unshare of users, 310, 0x10000000, 0, EPERM, EPERM, EPERM",
        "i386, keyctl, 288, 0, 0, EPERM, EPERM, EPERM",
        "i386, read, 3, 0, 0, allowed, allowed, allowed",
        "aarch64, read, 63, 0, 0, allowed, allowed, allowed",
        "aarch64, clone of a thread, 220, 0x3d0f00, 0, allowed, allowed, allowed",
        "aarch64, clone of a user namespace, 220, 0x10000011, 0, EPERM, EPERM, EPERM",
        "aarch64, mount, 40, 0, 0, EPERM, allowed, allowed",
        "aarch64, unshare of users, 97, 0x10000000, 0, EPERM, EPERM, EPERM",
        "aarch64, unshare of mounts, 97, 0x20000, 0, EPERM, allowed, allowed",
        "aarch64, keyctl, 219, 0, 0, EPERM, EPERM, EPERM",
        "aarch64, bpf, 280, 0, 0, EPERM, EPERM, EPERM",
        "aarch64, open_by_handle_at, 265, 0, 0, EPERM, EPERM, EPERM",
        "arm, keyctl, 311, 0, 0, EPERM, EPERM, EPERM",
        "arm, read, 3, 0, 0, allowed, allowed, allowed",
        "riscv64, read, 63, 0, 0, killed, killed, killed",
    })
    void theKernelDecides(
            String machine,
            String call,
            String number,
            String first,
            String second,
            String verdict,
            String early,
            String joining) {
        String architecture = machine.startsWith("a") ? "arm64" : "amd64";
        int token = Objects.requireNonNull(MACHINES.get(machine));
        int decoded = Integer.decode(number);
        byte[] program =
                Base64.getDecoder().decode(SystemCallFilter.of(architecture).program());

        long[] arguments = {Long.decode(first), Long.decode(second)};
        assertThat(verdict(program, token, decoded, arguments)).isEqualTo(verdict);
        assertThat(verdict(SystemCallFilter.early(architecture), token, decoded, arguments))
                .isEqualTo(early);
        assertThat(verdict(SystemCallFilter.joining(architecture), token, decoded, arguments))
                .isEqualTo(joining);
    }

    @Test
    void thereIsOneForThisMachine() {
        assertThat(SystemCallFilter.here().isPresent())
                .isEqualTo(Set.of("amd64", "aarch64").contains(System.getProperty("os.arch")));
    }

    private static String verdict(byte[] program, int architecture, int call, long... arguments) {
        ByteBuffer data = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
        data.putInt(0, call).putInt(4, architecture);
        for (int i = 0; i < arguments.length; i++) {
            data.putLong(16 + 8 * i, arguments[i]);
        }
        int result = run(ByteBuffer.wrap(program).order(ByteOrder.LITTLE_ENDIAN), data);
        if (result == ALLOW) {
            return "allowed";
        }
        return switch (result) {
            case ERRNO | 1 -> "EPERM";
            case ERRNO | 38 -> "ENOSYS";
            case 0 -> "killed";
            default -> Integer.toHexString(result);
        };
    }

    /// The kernel's interpreter, as far as such filters need one.
    private static int run(ByteBuffer program, ByteBuffer data) {
        int accumulator = 0;
        for (int at = 0; ; at++) {
            int operation = Short.toUnsignedInt(program.getShort(8 * at));
            int constant = program.getInt(8 * at + 4);
            boolean jump = switch (operation) {
                case 0x15 -> accumulator == constant;
                case 0x25 -> Integer.compareUnsigned(accumulator, constant) > 0;
                case 0x35 -> Integer.compareUnsigned(accumulator, constant) >= 0;
                default -> false;
            };
            switch (operation) {
                case 0x20 -> accumulator = data.getInt(constant);
                case 0x54 -> accumulator &= constant;
                case 0x05 -> at += constant;
                case 0x06 -> {
                    return constant;
                }
                case 0x15, 0x25, 0x35 -> at += Byte.toUnsignedInt(program.get(8 * at + (jump ? 2 : 3)));
                default -> throw new AssertionError("instruction " + at + ": " + Integer.toHexString(operation));
            }
        }
    }
}
