package dev.jbuild.parser;

import dev.jbuild.parser.ast.Word;
import dev.jbuild.parser.source.Span;
import dev.jbuild.parser.source.Suggestion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The flags of one instruction, checked against those it knows.
final class Flags {
    /// How often a flag may be given, and whether it has a value.
    enum Kind {
        SWITCH,
        VALUE,
        VALUES
    }

    /// Flags that live in other instructions or were proposed, and what to say of them.
    private static final Map<String, String> ELSEWHERE = Map.ofEntries(
            Map.entry("from", "only COPY and RUN --mount can take files from a stage or an image"),
            Map.entry("parents", "only COPY has --parents"),
            Map.entry("checksum", "only ADD can check a checksum"),
            Map.entry("keep-git-dir", "only ADD fetches git repositories"),
            Map.entry("unpack", "only ADD unpacks archives"),
            Map.entry("mount", "only RUN has mounts"),
            Map.entry("network", "only RUN has a network"),
            Map.entry("security", "only RUN has a security mode"),
            Map.entry("platform", "only FROM chooses a platform"),
            Map.entry("chown", "only COPY and ADD set an owner; for other files use RUN chown"),
            Map.entry("chmod", "only COPY and ADD set a mode; for other files use RUN chmod"),
            Map.entry("device", "devices exist only in the labs channel of the language, and are not supported"));

    private final Map<String, Kind> known;
    private final Map<String, List<Flag>> given = new HashMap<>();

    /// @throws SyntaxException if a flag is unknown, doubled, or lacks its value
    Flags(String instruction, List<Flag> flags) throws SyntaxException {
        this.known = Keywords.flags(instruction);
        for (Flag flag : flags) {
            add(instruction, flag);
        }
    }

    private void add(String instruction, Flag flag) throws SyntaxException {
        String name = flag.name().text();
        Kind kind = known.get(name);
        if (kind == null) {
            throw unknown(instruction, flag);
        }
        List<Flag> earlier = given.get(name);
        if (earlier == null) {
            earlier = new ArrayList<>();
            given.put(name, earlier);
        }
        if (!earlier.isEmpty() && kind != Kind.VALUES) {
            throw new SyntaxException("duplicate flag specified: --" + name, flag.span(), "keep one of them");
        }
        earlier.add(flag);
        MappedText value = flag.value();
        switch (kind) {
            case SWITCH -> {
                if (value != null) {
                    checkBoolean(name, value);
                }
            }
            case VALUE, VALUES -> {
                if (value == null) {
                    throw new SyntaxException(
                            "missing a value on flag: --" + name, flag.span(), "write --" + name + "=…");
                }
            }
        }
    }

    private static void checkBoolean(String name, MappedText value) throws SyntaxException {
        if (value.length() == 0) {
            throw new SyntaxException(
                    "missing a value on flag: --" + name,
                    value.word().span(),
                    "write --" + name + " or --" + name + "=true");
        }
        String lower = value.text().toLowerCase(Locale.ROOT);
        if (!lower.equals("true") && !lower.equals("false")) {
            throw new SyntaxException(
                    "expecting boolean value for flag --" + name + ", not: " + Quoted.of(value.text()),
                    value.word().span(),
                    "write --" + name + ", --" + name + "=true or --" + name + "=false");
        }
    }

    private SyntaxException unknown(String instruction, Flag flag) {
        String name = flag.name().text();
        String hint = null;
        String nearest =
                Suggestion.nearest(name, known.keySet().stream().sorted().toList());
        if (nearest != null) {
            hint = "did you mean `--" + nearest + "`?";
        } else if (ELSEWHERE.containsKey(name)) {
            hint = ELSEWHERE.get(name);
        } else if (known.isEmpty()) {
            hint = instruction + " has no flags";
        } else {
            hint = instruction + " knows --"
                    + String.join(", --", known.keySet().stream().sorted().toList());
        }
        return new SyntaxException(
                "unknown flag " + Quoted.of("--" + name) + " for " + instruction,
                flag.name().span(),
                hint);
    }

    /// The value of a flag, or null if it was not given.
    @Nullable
    Word value(String name) {
        MappedText text = text(name);
        return text == null ? null : text.word();
    }

    private @Nullable MappedText text(String name) {
        List<Flag> flags = given.get(name);
        return flags == null ? null : flags.getFirst().value();
    }

    /// The values of a flag that can be given several times.
    List<MappedText> texts(String name) {
        List<MappedText> texts = new ArrayList<>();
        for (Flag flag : given.getOrDefault(name, List.of())) {
            MappedText value = flag.value();
            if (value != null) {
                texts.add(value);
            }
        }
        return texts;
    }

    /// Where a flag that was given stands.
    Span span(String name) {
        return given.getOrDefault(name, List.of()).getFirst().span();
    }

    List<Word> values(String name) {
        List<Word> words = new ArrayList<>();
        for (MappedText text : texts(name)) {
            words.add(text.word());
        }
        return words;
    }

    /// Whether a switch is on, or null if it was not given.
    @Nullable
    Boolean state(String name) {
        if (!given.containsKey(name)) {
            return null;
        }
        MappedText value = text(name);
        return value == null || value.text().equalsIgnoreCase("true");
    }

    boolean isOn(String name) {
        return Boolean.TRUE.equals(state(name));
    }
}
