package dev.jbuild.solver.context;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// File names as text that loses nothing. Linux names are bytes, nearly always UTF-8; a byte that is not becomes a lone
/// surrogate (U+DC80 to U+DCFF), so that every name has one text and every such text one name, in every locale.
public final class FileName {
    private static final int ESCAPE = 0xdc00;

    private FileName() {}

    /// The name, or path, that these bytes are.
    public static String decode(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (text.indexOf('\uFFFD') < 0) {
            return text;
        }
        StringBuilder exact = new StringBuilder(bytes.length);
        for (int i = 0; i < bytes.length; ) {
            int length = sequence(bytes, i);
            if (length == 0) {
                exact.append((char) (ESCAPE + (bytes[i] & 0xff)));
                i++;
            } else {
                exact.append(new String(bytes, i, length, StandardCharsets.UTF_8));
                i += length;
            }
        }
        return exact.toString();
    }

    /// The length of the well-formed UTF-8 sequence that begins here, or 0.
    private static int sequence(byte[] bytes, int start) {
        int first = bytes[start] & 0xff;
        int length = first < 0x80 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
        if (start + length > bytes.length) {
            return 0;
        }
        String one = new String(bytes, start, length, StandardCharsets.UTF_8);
        // A replaced byte does not encode to what it came from.
        byte[] again = one.getBytes(StandardCharsets.UTF_8);
        return one.codePointCount(0, one.length()) == 1
                        && java.util.Arrays.equals(again, 0, again.length, bytes, start, start + length)
                ? length
                : 0;
    }

    /// The bytes that [#decode] gives this text for.
    public static byte[] encode(String text) {
        if (isAscii(text)) {
            return text.getBytes(StandardCharsets.US_ASCII);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length() * 2);
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            if (c >= ESCAPE + 0x80 && c <= ESCAPE + 0xff) {
                bytes.write(c - ESCAPE);
            } else {
                bytes.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
            }
        }
        return bytes.toByteArray();
    }

    /// The order of the names' bytes, which is the order of Go's walks, of tar files and of `LC_ALL=C sort`.
    static int compare(String a, String b) {
        int common = Math.min(a.length(), b.length());
        for (int i = 0; i < common; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                return Integer.compare(rank(x), rank(y));
            }
        }
        return Integer.compare(a.length(), b.length());
    }

    /// Surrogates stand for characters beyond U+FFFF, which come after all others.
    private static int rank(char c) {
        return Character.isSurrogate(c) ? c + 0x10000 : c;
    }

    /// The file at this relative path below a directory.
    public static Path resolve(Path directory, String path) {
        if (isAscii(path)) {
            return directory.resolve(path);
        }
        // Java would translate the text to the locale's charset, and refuse what that cannot express.
        String base = directory.toUri().getRawPath();
        StringBuilder uri = new StringBuilder("file://").append(base);
        if (!base.endsWith("/")) {
            uri.append('/');
        }
        for (byte b : encode(path)) {
            if ((b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || (b >= '0' && b <= '9') || b == '/') {
                uri.append((char) b);
            } else {
                uri.append('%').append(Character.forDigit(b >> 4 & 15, 16)).append(Character.forDigit(b & 15, 16));
            }
        }
        return Path.of(URI.create(uri.toString()));
    }

    /// The last name of a path.
    public static String of(Path path) {
        Path last = path.getFileName();
        String text = last == null ? "" : last.toString();
        return isAscii(text) ? text : decode(lastName(path.toUri().getRawPath()));
    }

    /// The text of a symbolic link, which may be any bytes, too.
    static String ofLink(Path target) {
        String text = target.toString();
        if (isAscii(text)) {
            return text;
        }
        StringBuilder exact = new StringBuilder(target.isAbsolute() ? "/" : "");
        for (Path name : target) {
            exact.append(exact.isEmpty() || exact.charAt(exact.length() - 1) == '/' ? "" : "/");
            exact.append(of(name));
        }
        return exact.toString();
    }

    private static byte[] lastName(String rawPath) {
        int end = rawPath.endsWith("/") ? rawPath.length() - 1 : rawPath.length();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = rawPath.lastIndexOf('/', end - 1) + 1; i < end; i++) {
            char c = rawPath.charAt(i);
            if (c == '%') {
                bytes.write(Integer.parseInt(rawPath, i + 1, i + 3, 16));
                i += 2;
            } else {
                bytes.write(c);
            }
        }
        return bytes.toByteArray();
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }
}
