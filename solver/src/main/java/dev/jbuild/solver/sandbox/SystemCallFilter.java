package dev.jbuild.solver.sandbox;

import java.io.IOException;
import java.io.InputStream;
import java.util.Base64;
import java.util.Optional;

/// Docker's default seccomp profile, in the forms in which it is put on. `testdata/seccomp` says where it is from and
/// how the files are made that are read here.
///
/// @param json the `linux.seccomp` of an OCI runtime's config.json
/// @param program the same for the kernel, in base64: crun takes it, and saves the time to make it from the other form
@SuppressWarnings("ArrayRecordComponent") // bytes for a file; two are never compared
record SystemCallFilter(byte[] json, byte[] program) {

    /// The filter for this machine, if there is one for its architecture.
    static Optional<SystemCallFilter> here() {
        return architecture().map(SystemCallFilter::of);
    }

    static SystemCallFilter of(String architecture) {
        String name = "seccomp-" + architecture;
        return new SystemCallFilter(read(name + ".json"), Base64.getEncoder().encode(read(name + ".bpf")));
    }

    /// The program for processes that make mounts after they got it.
    static Optional<byte[]> early() {
        return architecture().map(SystemCallFilter::early);
    }

    static byte[] early(String architecture) {
        return read("seccomp-" + architecture + "-early.bpf");
    }

    /// The program for those that join a user namespace besides.
    static Optional<byte[]> joining() {
        return architecture().map(SystemCallFilter::joining);
    }

    static byte[] joining(String architecture) {
        return read("seccomp-" + architecture + "-joining.bpf");
    }

    private static Optional<String> architecture() {
        return switch (System.getProperty("os.arch")) {
            case "amd64" -> Optional.of("amd64");
            case "aarch64" -> Optional.of("arm64");
            default -> Optional.empty();
        };
    }

    private static byte[] read(String name) {
        try (InputStream in = SystemCallFilter.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is not in this distribution");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(name + " cannot be read", e);
        }
    }
}
