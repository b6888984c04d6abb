package dev.jbuild.layerstore.registry;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// One entry of `NO_PROXY`: which hosts are reached without a proxy.
sealed interface ProxyRule {
    /// Whether it is about this host, given in lower case and without brackets.
    boolean matches(String host, int port);

    /// `*`
    record Everything() implements ProxyRule {
        @Override
        public boolean matches(String host, int port) {
            return true;
        }
    }

    /// `example.com`, that host and all below it; `.example.com` and `*.example.com`, only those below it.
    ///
    /// @param itself whether the domain itself is meant too
    /// @param port 0 for any
    record Domain(String name, boolean itself, int port) implements ProxyRule {
        @Override
        public boolean matches(String host, int hostPort) {
            return (port == 0 || port == hostPort) && (host.endsWith("." + name) || (itself && host.equals(name)));
        }
    }

    /// `10.0.0.0/8`, or one address. Names are not looked up for it.
    ///
    /// @param port 0 for any
    record Network(byte[] address, int bits, int port) implements ProxyRule {
        @Override
        public boolean matches(String host, int hostPort) {
            byte[] other = literal(host);
            if (other == null || other.length != address.length || (port != 0 && port != hostPort)) {
                return false;
            }
            int whole = bits / 8;
            int rest = 0xff00 >> bits % 8 & 0xff;
            return Arrays.equals(address, 0, whole, other, 0, whole)
                    && (rest == 0 || (address[whole] & rest) == (other[whole] & rest));
        }
    }

    /// The rule that this text stands for, null if none.
    static @Nullable ProxyRule parse(String text) {
        String entry = text.strip().toLowerCase(Locale.ROOT);
        if (entry.isEmpty()) {
            return null;
        }
        if (entry.equals("*")) {
            return new Everything();
        }
        int slash = entry.indexOf('/');
        if (slash >= 0) {
            byte[] address = literal(entry.substring(0, slash));
            int bits = number(entry.substring(slash + 1));
            return address == null || bits < 0 || bits > address.length * 8 ? null : new Network(address, bits, 0);
        }
        byte[] whole = literal(entry);
        if (whole != null) {
            return new Network(whole, whole.length * 8, 0);
        }
        int colon = entry.lastIndexOf(':');
        int port = colon < 0 ? 0 : number(entry.substring(colon + 1));
        String host = colon < 0 ? entry : entry.substring(0, colon);
        if (port < 0) {
            return null;
        }
        byte[] address = literal(host.replaceAll("^\\[|]$", ""));
        if (address != null) {
            return new Network(address, address.length * 8, port);
        }
        String name = host.replaceFirst("^\\*?\\.", "").replaceFirst("\\.$", "");
        return name.isEmpty() ? null : new Domain(name, !host.startsWith(".") && !host.startsWith("*."), port);
    }

    private static int number(String text) {
        return text.matches("[0-9]{1,5}") ? Integer.parseInt(text) : -1;
    }

    private static byte @Nullable [] literal(String text) {
        if (!text.matches("[0-9.]+|[0-9a-f.]*:[0-9a-f:.]*")) {
            return null;
        }
        try {
            return InetAddress.ofLiteral(text).getAddress();
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
