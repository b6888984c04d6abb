package dev.jbuild.solver.sandbox;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.jbuild.layerstore.kernel.Kernel;
import dev.jbuild.layerstore.kernel.WindowSize;
import dev.jbuild.solver.graph.Network;
import dev.jbuild.solver.graph.Ulimit;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// The `config.json` of an OCI runtime bundle, with the defaults that Docker gives a container.
public final class RuntimeSpec {
    /// Docker's default capabilities.
    static final List<String> CAPABILITIES = List.of(
            "CAP_AUDIT_WRITE",
            "CAP_CHOWN",
            "CAP_DAC_OVERRIDE",
            "CAP_FOWNER",
            "CAP_FSETID",
            "CAP_KILL",
            "CAP_MKNOD",
            "CAP_NET_BIND_SERVICE",
            "CAP_NET_RAW",
            "CAP_SETFCAP",
            "CAP_SETGID",
            "CAP_SETPCAP",
            "CAP_SETUID",
            "CAP_SYS_CHROOT");
    static final List<String> MASKED = List.of(
            "/proc/acpi",
            "/proc/asound",
            "/proc/interrupts",
            "/proc/kcore",
            "/proc/keys",
            "/proc/latency_stats",
            "/proc/sched_debug",
            "/proc/scsi",
            "/proc/timer_list",
            "/proc/timer_stats",
            "/sys/devices/virtual/powercap",
            "/sys/firmware");
    static final List<String> READ_ONLY =
            List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger");

    /// The machine's devices that a process sees.
    static final List<String> DEVICES = List.of("null", "zero", "full", "random", "urandom", "tty");
    /// Where crun looks for a filter that it need not make itself.
    private static final String FILTER_PROGRAM = "run.oci.seccomp_bpf_data";

    private static final byte[] QUOTE = {'"'};

    private RuntimeSpec() {}

    /// The mount points that the specification needs in the root file system.
    public static final List<String> MOUNT_POINTS = List.of("/dev", "/proc", "/sys");

    /// @param forAll the filter of every process that is not insecure; none where there is none for the
    ///     machine's architecture
    /// @param opensDevices whether the runtime lets devices be opened in the root, even if its mount forbids it
    /// @param makesDevices whether the runtime shows the machine's devices by itself, as in a user namespace
    static byte[] write(Sandbox sandbox, Optional<SystemCallFilter> forAll, boolean opensDevices, boolean makesDevices)
            throws IOException {
        Optional<SystemCallFilter> filter = sandbox.insecure() ? Optional.empty() : forAll;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = new JsonFactory().createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringField("ociVersion", "1.0.2");
            process(json, sandbox);
            json.writeObjectFieldStart("root");
            json.writeStringField("path", sandbox.rootfs().toString());
            json.writeEndObject();
            json.writeStringField("hostname", sandbox.hostname());
            json.writeArrayFieldStart("mounts");
            if (opensDevices && !sandbox.insecure() && sandbox.user() == null) {
                // Of "/" itself it makes nothing. In a user namespace to join, it would mount the root over itself
                // and then not find what it mounted in it; but there it may not lift the prohibition either.
                mount(json, "bind", sandbox.rootfs().toString(), "/.", List.of("bind", "remount", "nodev"));
            }
            mount(json, "proc", "proc", "/proc", List.of("nosuid", "noexec", "nodev"));
            String devices = sandbox.insecure() ? "dev" : "nodev";
            mount(json, "tmpfs", "tmpfs", "/dev", List.of("nosuid", devices, "strictatime", "mode=755", "size=65536k"));
            // A runtime that makes the same binds itself may fail over these.
            for (String device : makesDevices ? List.<String>of() : DEVICES) {
                // Binds, so that in the file system they lie in, as everywhere else, no device can be opened that
                // the process makes itself.
                mount(json, "bind", "/dev/" + device, "/dev/" + device, List.of("bind"));
            }
            mount(
                    json,
                    "devpts",
                    "devpts",
                    "/dev/pts",
                    List.of("nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620"));
            mount(
                    json,
                    "tmpfs",
                    "shm",
                    "/dev/shm",
                    List.of(
                            "nosuid",
                            "noexec",
                            "nodev",
                            "mode=1777",
                            "size=" + sandbox.limits().shm()));
            mount(json, "mqueue", "mqueue", "/dev/mqueue", List.of("nosuid", "noexec", "nodev"));
            if (sandbox.user() != null) {
                // A user namespace that has no network of its own cannot mount it.
                mount(json, "bind", "/sys", "/sys", List.of("rbind", "rro", "nosuid", "noexec", "nodev"));
            } else if (sandbox.insecure() && sandbox.network() != Network.NONE && Kernel.inUserNamespace()) {
                // No more can an ordinary user; crun helps itself where it is to be read-only.
                mount(json, "bind", "/sys", "/sys", List.of("rbind", "nosuid", "noexec", "nodev"));
            } else {
                String mode = sandbox.insecure() ? "rw" : "ro";
                mount(json, "sysfs", "sysfs", "/sys", List.of("nosuid", "noexec", "nodev", mode));
            }
            for (Sandbox.SandboxMount mount : sandbox.mounts()) {
                mount(json, mount, sandbox.user() != null);
            }
            json.writeEndArray();
            linux(json, bytes, sandbox, filter);
            if (filter.isPresent()) {
                json.writeObjectFieldStart("annotations");
                json.writeFieldName(FILTER_PROGRAM);
                copy(json, bytes, QUOTE, filter.get().program(), QUOTE);
                json.writeEndObject();
            }
            json.writeEndObject();
        }
        return bytes.toByteArray();
    }

    private static void process(JsonGenerator json, Sandbox sandbox) throws IOException {
        json.writeObjectFieldStart("process");
        json.writeBooleanField("terminal", sandbox.stdio() == Stdio.TERMINAL);
        WindowSize size = sandbox.stdio() == Stdio.TERMINAL ? WindowSize.of(0) : null;
        if (size != null) {
            json.writeObjectFieldStart("consoleSize");
            json.writeNumberField("height", size.rows());
            json.writeNumberField("width", size.columns());
            json.writeEndObject();
        }
        json.writeObjectFieldStart("user");
        json.writeNumberField("uid", Integer.toUnsignedLong(sandbox.identity().uid()));
        json.writeNumberField("gid", Integer.toUnsignedLong(sandbox.identity().gid()));
        json.writeArrayFieldStart("additionalGids");
        for (int group : sandbox.identity().groups()) {
            json.writeNumber(Integer.toUnsignedLong(group));
        }
        json.writeEndArray();
        json.writeEndObject();
        strings(json, "args", sandbox.args());
        strings(json, "env", sandbox.env());
        json.writeStringField("cwd", sandbox.cwd());
        List<String> capabilities = sandbox.insecure() ? CapabilityNames.own() : CAPABILITIES;
        json.writeObjectFieldStart("capabilities");
        for (String set : List.of("bounding", "effective", "permitted")) {
            // As Docker does: a process that is not root has none of them to begin with.
            boolean none = sandbox.identity().uid() != 0 && !set.equals("bounding");
            strings(json, set, none ? List.of() : capabilities);
        }
        json.writeEndObject();
        rlimits(json, sandbox.limits().ulimits());
        json.writeNumberField("oomScoreAdj", 0);
        json.writeEndObject();
    }

    private static void rlimits(JsonGenerator json, List<Ulimit> ulimits) throws IOException {
        if (ulimits.isEmpty()) {
            return;
        }
        json.writeArrayFieldStart("rlimits");
        for (Ulimit ulimit : ulimits) {
            json.writeStartObject();
            json.writeStringField("type", "RLIMIT_" + ulimit.name().toUpperCase(Locale.ROOT));
            json.writeFieldName("soft");
            json.writeNumber(Long.toUnsignedString(ulimit.soft()));
            json.writeFieldName("hard");
            json.writeNumber(Long.toUnsignedString(ulimit.hard()));
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void devices(JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("devices");
        for (ExtraDevice device : ExtraDevice.ofMachine()) {
            json.writeStartObject();
            json.writeStringField("path", device.path());
            json.writeStringField("type", device.block() ? "b" : "c");
            json.writeNumberField("major", device.major());
            json.writeNumberField("minor", device.minor());
            json.writeNumberField("fileMode", 0660);
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeObjectFieldStart("resources");
        json.writeArrayFieldStart("devices");
        json.writeStartObject();
        json.writeBooleanField("allow", true);
        json.writeStringField("access", "rwm");
        json.writeEndObject();
        json.writeEndArray();
        json.writeEndObject();
    }

    /// A value that is JSON already, without a look at it.
    private static void copy(JsonGenerator json, ByteArrayOutputStream bytes, byte[]... value) throws IOException {
        json.writeRawValue("");
        json.flush();
        for (byte[] part : value) {
            bytes.write(part);
        }
    }

    private static void linux(
            JsonGenerator json, ByteArrayOutputStream bytes, Sandbox sandbox, Optional<SystemCallFilter> filter)
            throws IOException {
        json.writeObjectFieldStart("linux");
        List<String> namespaces = new ArrayList<>(List.of("pid", "mount", "ipc", "uts", "cgroup"));
        if (sandbox.network() == Network.NONE) {
            namespaces.add("network");
        }
        json.writeArrayFieldStart("namespaces");
        for (String namespace : namespaces) {
            json.writeStartObject();
            json.writeStringField("type", namespace);
            json.writeEndObject();
        }
        Sandbox.UserNamespace user = sandbox.user();
        if (user != null) {
            json.writeStartObject();
            json.writeStringField("type", "user");
            json.writeStringField("path", user.path().toString());
            json.writeEndObject();
        }
        json.writeEndArray();
        if (user != null) {
            ids(json, "uidMappings", user.users());
            ids(json, "gidMappings", user.groups());
        }
        if (!sandbox.groupPath().isEmpty()) {
            // A runtime that makes a group makes it below, where the limits hold too.
            json.writeStringField("cgroupsPath", sandbox.groupPath() + "/process");
        }
        if (sandbox.insecure()) {
            devices(json);
        } else {
            strings(json, "maskedPaths", MASKED);
            strings(json, "readonlyPaths", READ_ONLY);
        }
        if (filter.isPresent()) {
            json.writeFieldName("seccomp");
            copy(json, bytes, filter.get().json());
        }
        json.writeEndObject();
    }

    private static void ids(JsonGenerator json, String name, List<Sandbox.IdRange> ranges) throws IOException {
        json.writeArrayFieldStart(name);
        for (Sandbox.IdRange range : ranges) {
            json.writeStartObject();
            json.writeNumberField("containerID", range.first());
            json.writeNumberField("hostID", range.first());
            json.writeNumberField("size", range.count());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void mount(JsonGenerator json, Sandbox.SandboxMount mount, boolean elsewhere) throws IOException {
        switch (mount) {
            case Sandbox.SandboxMount.Bind(var source, var target, var readOnly) -> {
                Set<String> options = new LinkedHashSet<>(List.of("rbind", "rprivate", "nodev"));
                if (elsewhere) {
                    // runc would lift what it is not told to keep, which it may not from another user namespace.
                    options.addAll(Kernel.restrictions(source));
                }
                options.add(readOnly || options.contains("ro") ? "ro" : "rw");
                mount(json, "bind", source.toString(), target, List.copyOf(options));
            }
            case Sandbox.SandboxMount.Tmpfs(var target, var size) ->
                mount(
                        json,
                        "tmpfs",
                        "tmpfs",
                        target,
                        size == 0
                                ? List.of("nosuid", "nodev", "mode=1777")
                                : List.of("nosuid", "nodev", "mode=1777", "size=" + size));
        }
    }

    private static void mount(JsonGenerator json, String type, String source, String target, List<String> options)
            throws IOException {
        json.writeStartObject();
        json.writeStringField("destination", target);
        json.writeStringField("type", type);
        json.writeStringField("source", source);
        strings(json, "options", options);
        json.writeEndObject();
    }

    private static void strings(JsonGenerator json, String name, List<String> values) throws IOException {
        json.writeArrayFieldStart(name);
        for (String value : values) {
            json.writeString(value);
        }
        json.writeEndArray();
    }
}
