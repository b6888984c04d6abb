package dev.jbuild.cli.explore;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.IOException;
import java.io.Writer;

/// JSON in ASCII, without the characters that mean something to HTML: it may stand in a page, and whatever a file is
/// called, it changes no terminal and no direction of writing.
final class SafeJson {
    private static final int INVALID_BYTE = 0xdc00;

    private SafeJson() {}

    /// Writes one JSON value; the writer stays open.
    static JsonGenerator to(Writer out) throws IOException {
        return new JsonFactory()
                .setCharacterEscapes(new HtmlEscapes())
                .createGenerator(out)
                .configure(JsonWriteFeature.ESCAPE_NON_ASCII.mappedFeature(), true)
                .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
    }

    /// The name as it is shown: a byte that is not UTF-8 is `\xff`.
    static String shown(String name) {
        if (name.chars().noneMatch(c -> Character.isSurrogate((char) c))) {
            return name;
        }
        StringBuilder text = new StringBuilder();
        name.codePoints().forEach(c -> {
            if (c >= INVALID_BYTE && c <= INVALID_BYTE + 0xff) {
                text.append("\\x").append(Integer.toHexString(c - INVALID_BYTE));
            } else {
                text.appendCodePoint(c);
            }
        });
        return text.toString();
    }

    private static final class HtmlEscapes extends CharacterEscapes {
        private static final long serialVersionUID = 1;
        private final int[] escapes = standardAsciiEscapesForJSON();

        HtmlEscapes() {
            for (char c : new char[] {'<', '>', '&', '\'', 0x7f}) {
                escapes[c] = ESCAPE_STANDARD;
            }
        }

        @Override
        public int[] getEscapeCodesForAscii() {
            return escapes.clone();
        }

        @Override
        public SerializableString getEscapeSequence(int c) {
            throw new IllegalStateException("no character has an escape of its own");
        }
    }
}
