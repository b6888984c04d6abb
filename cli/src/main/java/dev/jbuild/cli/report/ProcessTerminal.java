package dev.jbuild.cli.report;

import dev.jbuild.layerstore.kernel.WindowSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// The terminal of this process. Whether there is one is found out through `/proc`, because the first native call costs
/// start-up time; its size takes one.
final class ProcessTerminal implements Terminal {
    private static final int FILE_TYPE = 0170000;
    private static final int CHARACTER_DEVICE = 0020000;

    private final Map<String, String> environment;

    ProcessTerminal(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public boolean input() {
        return isTerminal(0);
    }

    @Override
    public boolean output() {
        return isTerminal(1);
    }

    @Override
    public boolean error() {
        return isTerminal(2);
    }

    @Override
    public Size size() {
        WindowSize size = error() ? WindowSize.of(2) : null;
        if (size != null) {
            return new Size(size.columns(), size.rows());
        }
        return new Size(number("COLUMNS", DEFAULT_SIZE.columns()), number("LINES", DEFAULT_SIZE.rows()));
    }

    private int number(String variable, int otherwise) {
        String text = environment.get(variable);
        if (text == null || text.isEmpty() || text.length() > 4 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return otherwise;
        }
        int value = Integer.parseInt(text);
        return value == 0 ? otherwise : value;
    }

    private static boolean isTerminal(int descriptor) {
        Path path = Path.of("/proc/self/fd", Integer.toString(descriptor));
        try {
            Map<String, Object> attributes = Files.readAttributes(path, "unix:mode,rdev");
            return attributes.get("mode") instanceof Integer mode
                    && (mode & FILE_TYPE) == CHARACTER_DEVICE
                    && attributes.get("rdev") instanceof Long device
                    && isTerminalDevice(device);
        } catch (IOException | UnsupportedOperationException e) {
            // No /proc, a closed stream, or a pipe that the link does not lead to: none of them is a terminal.
            return false;
        }
    }

    // The kernel's list of devices (admin-guide/devices.txt): consoles, pseudo and serial terminals.
    private static boolean isTerminalDevice(long device) {
        int major = (int) ((device >>> 8) & 0xfff);
        return switch (major) {
            case 4, 5, 166, 188, 204, 229 -> true;
            default -> major >= 136 && major <= 143;
        };
    }
}
