package dev.jbuild.cli.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jbuild.cli.report.UsageException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Every expected text is what Go's own text/template prints with Docker's functions.
class TemplateTest {
    private static final Struct IMAGE = Struct.builder()
            .with("Repository", "busybox")
            .with("Tag", "latest")
            .with("Size", 4260000L)
            .with("Dangling", false)
            .with("Tags", List.of("a", "b", "c"))
            .with("Labels", new TreeMap<>(Map.of("team", "build", "org.x", "y")))
            .with(
                    "Config",
                    Struct.builder()
                            .with("User", "1000")
                            .with("Healthcheck", null)
                            .build())
            .with("Nothing", null)
            .lazily("Later", () -> "now")
            .build();

    @ParameterizedTest(name = "{0} → {1}")
    @CsvSource(
            delimiter = '§',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                // Fields and text
                "{{.Repository}}:{{.Tag}}§busybox:latest",
                "no actions§no actions",
                "{{ .Config.User }}§1000",
                "{{.Size}}§4260000",
                "{{.Dangling}}§false",
                "{{.Tags}}§[a b c]",
                "{{.Labels}}§map[org.x:y team:build]",
                "{{.Labels.team}}§build",
                "{{.Labels.none}}§<no value>",
                "{{.Later}}§now",
                "{{.Config}}§{1000 <nil>}",
                // Trimming and comments
                "a {{- .Tag -}} b§alatestb",
                "a{{/* nobody sees this */}}b§ab",
                "a {{- /* nor this */ -}} b§ab",
                // Pipes and parentheses
                "{{.Tag | upper}}§LATEST",
                "{{.Tag | upper | printf \"%s-%s\" .Repository}}§busybox-LATEST",
                "{{(index .Tags 1) | upper}}§B",
                "{{index .Labels \"org.x\"}}§y",
                "{{index .Labels \"none\"}}§",
                "{{(.Config).User}}§1000",
                "{{len .Tags}} {{len .Tag}} {{len .Labels}}§3 6 2",
                "{{slice .Tag 1 3}} {{slice .Tags 1}}§at [b c]",
                // Docker's functions
                "{{json .Tags}}§[\"a\",\"b\",\"c\"]",
                "{{json .Config}}§{\"User\":\"1000\"}",
                "{{json \"<&>\"}}§\"<&>\"",
                "{{join .Tags \"-\"}}§a-b-c",
                "{{split \"a/b\" \"/\"}}§[a b]",
                "{{title .Tag}} {{lower \"AB\"}}§Latest ab",
                "[{{pad .Tag 1 2}}]§[ latest  ]",
                "{{truncate .Repository 4}}§busy",
                "{{truncate \"ab\" 4}}§ab",
                // Go's printf
                "[{{printf \"%-10s|%10s|%.3s\" .Tag .Tag .Tag}}]§[latest    |    latest|lat]",
                "{{printf \"%d %05d %+d %x\" 42 42 42 255}}§42 00042 +42 ff",
                "{{printf \"%q %v %t %%\" .Tag .Tags true}}§\"latest\" [a b c] true %",
                "{{printf \"%.2f\" 3.14159}}§3.14",
                "{{printf \"%d\" \"hi\"}}§%!d(string=hi)",
                "{{printf \"%s\"}}§%!s(MISSING)",
                "{{printf \"x\" 1}}§x%!(EXTRA int=1)",
                "{{print 1 2 \"a\" \"b\"}}§1 2a" + "b",
                // Comparing
                "{{eq .Tag \"x\" \"latest\"}} {{ne 1 2}} {{lt 1 2}} {{ge \"b\" \"a\"}}§true true true true",
                "{{and 1 0}} {{or 0 \"x\"}} {{not .Nothing}}§0 x true",
                // Blocks
                "{{if .Dangling}}a{{else if eq .Tag \"latest\"}}b{{else}}c{{end}}§b",
                "{{if and .Size (not .Dangling)}}yes{{end}}§yes",
                "{{range .Tags}}{{.}},{{end}}§a,b,c,",
                "{{range $i, $t := .Tags}}{{if $i}}, {{end}}{{$t}}{{end}}§a, b, c",
                "{{range $k, $v := .Labels}}{{$k}}={{$v}};{{end}}§org.x=y;team=build;",
                "{{range .Tags}}{{if eq . \"b\"}}{{continue}}{{end}}{{.}}{{end}}§ac",
                "{{range .Tags}}{{if eq . \"b\"}}{{break}}{{end}}{{.}}{{end}}§a",
                "{{range .Nothing}}x{{else}}none{{end}}§none",
                "{{with .Config}}{{.User}}{{end}}{{with .Nothing}}x{{else}}-{{end}}§1000-",
                "{{with .Config}}{{$.Tag}}{{end}}§latest",
                "{{$n := 0}}{{range .Tags}}{{$n = .}}{{end}}{{$n}}§c",
                "{{$x := .Tag}}{{if true}}{{$x := 1}}{{$x}}{{end}}{{$x}}§1latest",
                "{{`raw \\n`}}§raw \\n",
            })
    void makesText(String template, String text) {
        assertThat(Template.parse(template).apply(IMAGE)).isEqualTo(text == null ? "" : text);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '§',
            value = {
                "{{.Repository§column 1: there is no }} for this {{",
                "ab {{jsn .}}§column 6: unknown function \"jsn\" (did you mean `json`?)",
                "{{if .Tag}}x§column 3: there is no {{end}} for this {{if}}",
                "{{end}}§column 3: {{end}} without {{if}}, {{range}} or {{with}} before",
                "{{if .Tag}}a{{else}}b{{else}}c{{end}}§column 24: a second {{else}}",
                "{{.Tag | .Repository}}§column 10: after | comes a function",
                "{{.Tag .Repository}}§column 8: only a function takes arguments; join values with {{…}}{{…}} or printf",
                "{{$x}}§column 3: there is no variable $x",
                "{{(.Tag}}§column 3: there is no ) for this (",
                "{{\"open}}§column 3: the string has no end",
                "{{break}}§column 3: {{break}} outside of {{range}}",
                "{{template \"x\"}}§column 3: {{template}} is not understood; one template is all there is",
                "{{}}§column 3: something is missing before }}",
                "{{.Tag}} {{.Tga}}§column 12: there is no field .Tga; did you mean `Tag`?",
                "{{.Tag.X}}§column 7: .X is asked of a string",
                "{{index .Tags 9}}§column 3: index: there is no element 9 in a list of 3",
                "{{upper .Tags}}§column 3: upper: expected a string and got a list",
                "{{lt .Tag 1}}§column 3: lt: cannot compare a string with a number",
                "{{range .Tag}}{{end}}§column 9: cannot range over a string",
                "{{pad .Tag -1 2}}§column 3: pad: expected a number that is not negative and got -1",
                "{{%}}§column 3: unexpected '%'",
            })
    void saysWhatIsWrongAndWhere(String template, String message) {
        assertThatThrownBy(() -> Template.parse(template).apply(IMAGE))
                .isInstanceOf(UsageException.class)
                .hasMessage("template, " + message);
    }

    @Test
    void aPlaceInALongTemplateHasALine() {
        assertThatThrownBy(() -> Template.parse("{{.Tag}}\n  {{nope}}"))
                .hasMessageStartingWith("template, line 2, column 5: unknown function \"nope\"");
    }

    @Test
    void nestingHasAnEnd() {
        assertThatThrownBy(() -> Template.parse("{{" + "(".repeat(5000) + ".Tag}}"))
                .hasMessageEndingWith("nested more than 50 deep");
    }

    @Test
    void functionsPassHeadingsOn() {
        Struct headings =
                Struct.builder().with("ID", "IMAGE ID").with("Size", "SIZE").build();
        assertThat(Template.parse("{{truncate .ID 4}}\t{{json .Size}}").headings(headings))
                .isEqualTo("IMAGE ID\tSIZE");
    }

    @Test
    void jsonOfAStructLeavesOutWhatHasNoValue() {
        assertThat(Template.parse("{{json .}}").apply(IMAGE))
                .startsWith("{\"Repository\":\"busybox\"")
                .endsWith("\"Config\":{\"User\":\"1000\"},\"Later\":\"now\"}");
    }

    @Test
    void jsonDocumentsAreDataToo() throws IOException {
        Object data = Values.read("{\"a\":[1,2.5,null,true,{\"b\":\"c\"}]}".getBytes(StandardCharsets.UTF_8));
        assertThat(Template.parse("{{range .a}}{{.}} {{end}}{{(index .a 4).b}}").apply(data))
                .isEqualTo("1 2.5 <no value> true map[b:c] c");
        assertThatThrownBy(() -> Values.read("[".repeat(200).getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(IOException.class);
    }
}
