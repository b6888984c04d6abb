package dev.jbuild.solver.sandbox;

import dev.jbuild.layerstore.kernel.Kernel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// A device that only a RUN with `--security=insecure` gets.
record ExtraDevice(String path, boolean block, int major, int minor) {
    private static final int LOOPS = 8;
    private static final List<ExtraDevice> ALL = all();

    private static List<ExtraDevice> all() {
        List<ExtraDevice> devices = new ArrayList<>(List.of(
                new ExtraDevice("/dev/kmsg", false, 1, 11),
                new ExtraDevice("/dev/cuse", false, 10, 203),
                new ExtraDevice("/dev/fuse", false, 10, 229),
                new ExtraDevice("/dev/kvm", false, 10, 232),
                new ExtraDevice("/dev/net/tun", false, 10, 200),
                new ExtraDevice("/dev/loop-control", false, 10, 237)));
        for (int loop = 0; loop < LOOPS; loop++) {
            devices.add(new ExtraDevice("/dev/loop" + loop, true, 7, loop));
        }
        return devices;
    }

    /// Those of this machine. In a user namespace there are none: no device can be made in it.
    static List<ExtraDevice> ofMachine() {
        return Kernel.inUserNamespace()
                ? List.of()
                : ALL.stream()
                        .filter(device -> Files.exists(Path.of(device.path())))
                        .toList();
    }

    /// Shows it in a directory that stands for /dev, where no other device can be opened.
    void show(Path dev) throws IOException {
        Path node = dev.resolve(path.substring("/dev/".length()));
        Files.createDirectories(Objects.requireNonNull(node.getParent()));
        Kernel.bindMount(Path.of(path), Files.createFile(node));
    }
}
