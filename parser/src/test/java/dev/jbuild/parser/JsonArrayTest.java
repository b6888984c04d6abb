package dev.jbuild.parser;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonArrayTest {

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "[]",
                "[ ]",
                "[\"a\"]",
                "[ \"a\" , \"b\" ]  ",
                "[1, -0, 0.5, 1e9, -1.5E-3, true, false, null]",
                "[[], {}, [[]], {\"a\": [1, {\"b\": {}}], \"c\": \"d\"}]",
                "[\"\\u00e9\\uD83D\"]",
            })
    void isJson(String text) {
        assertThat(JsonArray.read(text, 0, text.length())).isNotNull();
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "",
                "a",
                "[",
                "]",
                "[a]",
                "['a']",
                "[\"a\",]",
                "[,]",
                "[\"a\" \"b\"]",
                "[\"a\"] x",
                "[\"a\"]]",
                "[\"a]",
                "[\"a\\x\"]",
                "[\"\\u12g4\"]",
                "[\"\\u12\"]",
                "[\"\t\"]",
                "[01]",
                "[+1]",
                "[1.]",
                "[.5]",
                "[1e]",
                "[-]",
                "[tru]",
                "[nulll]",
                "[{]",
                "[{\"a\"}]",
                "[{\"a\":}]",
                "[{\"a\":1,}]",
                "[{a:1}]",
                "[[}]",
                "[\u00a01]",
            })
    void isNoJson(String text) {
        assertThat(JsonArray.read(text, 0, text.length())).isNull();
    }
}
