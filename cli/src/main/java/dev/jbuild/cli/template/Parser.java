package dev.jbuild.cli.template;

import dev.jbuild.cli.report.UsageException;
import dev.jbuild.parser.source.Suggestion;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads a template into a tree.
final class Parser {
    private static final int DEEPEST = 50;
    private static final Set<String> REFUSED = Set.of("define", "template", "block");

    private final Scanner scanner;
    private final Set<String> variables = new HashSet<>(Set.of("$"));
    private List<Token> words = List.of();
    private int next;
    private int depth;
    private int ranges;

    private Parser(String source) {
        this.scanner = new Scanner(source);
    }

    static List<Node> parse(String source) {
        Parser parser = new Parser(source);
        Block all = parser.block();
        if (all.end() != null) {
            throw parser.wrong(all.end(), "{{" + all.end().text() + "}} without {{if}}, {{range}} or {{with}} before");
        }
        return all.nodes();
    }

    /// @param end the word that ended it, `else` or `end`; null at the template's end
    private record Block(List<Node> nodes, @Nullable Token end) {}

    private Block block() {
        List<Node> nodes = new ArrayList<>();
        while (true) {
            Scanner.Piece piece = scanner.next();
            if (!piece.text().isEmpty()) {
                nodes.add(new Node.Text(piece.text()));
            }
            if (piece.last()) {
                return new Block(nodes, null);
            }
            if (piece.words().isEmpty()) {
                continue;
            }
            words = piece.words();
            next = 0;
            Token first = words.getFirst();
            if (first.isName("else") || first.isName("end")) {
                next = 1;
                return new Block(nodes, first);
            }
            nodes.add(action(first));
        }
    }

    private Node action(Token first) {
        if (first.kind() != Token.Kind.NAME) {
            return statement();
        }
        if (REFUSED.contains(first.text())) {
            throw wrong(first, "{{" + first.text() + "}} is not understood; one template is all there is");
        }
        return switch (first.text()) {
            case "if", "with", "range" -> {
                next = 1;
                yield control(first);
            }
            case "break", "continue" -> {
                next = 1;
                if (ranges == 0) {
                    throw wrong(first, "{{" + first.text() + "}} outside of {{range}}");
                }
                end();
                yield first.text().equals("break") ? new Node.Break() : new Node.Continue();
            }
            default -> statement();
        };
    }

    private Node statement() {
        Token first = words.getFirst();
        if (first.kind() == Token.Kind.VARIABLE
                && words.size() > 1
                && (words.get(1).is(":=") || words.get(1).is("="))) {
            boolean declares = words.get(1).is(":=");
            if (!declares) {
                checkVariable(first);
            }
            next = 2;
            Expression value = pipeline();
            end();
            variables.add(first.text());
            return new Node.Assignment(first.text(), declares, value, first.at());
        }
        Expression value = pipeline();
        end();
        return new Node.Output(value);
    }

    private Node control(Token keyword) {
        deeper(keyword);
        Set<String> before = Set.copyOf(variables);
        boolean range = keyword.isName("range");
        Node.Head head = head(range);
        end();
        ranges += range ? 1 : 0;
        Block body = block();
        ranges -= range ? 1 : 0;
        List<Node> otherwise = List.of();
        Token end = body.end();
        if (end != null && end.isName("else")) {
            if (word().isName("if") || word().isName("with")) {
                // {{else if}} is {{else}}{{if}} with one {{end}} for both.
                Token chained = word();
                next++;
                otherwise = List.of(control(chained));
                restore(before);
                depth--;
                return node(keyword, head, body.nodes(), otherwise);
            }
            end();
            restore(before);
            Block second = block();
            otherwise = second.nodes();
            end = second.end();
            if (end != null && end.isName("else")) {
                throw wrong(end, "a second {{else}}");
            }
        }
        if (end == null) {
            throw wrong(keyword, "there is no {{end}} for this {{" + keyword.text() + "}}");
        }
        end();
        restore(before);
        depth--;
        return node(keyword, head, body.nodes(), otherwise);
    }

    private static Node node(Token keyword, Node.Head head, List<Node> body, List<Node> otherwise) {
        return switch (keyword.text()) {
            case "if" -> new Node.If(head, body, otherwise);
            case "with" -> new Node.With(head, body, otherwise);
            default -> new Node.Range(head, body, otherwise);
        };
    }

    private void restore(Set<String> before) {
        variables.retainAll(before);
    }

    private Node.Head head(boolean range) {
        Token first = word();
        if (first.kind() != Token.Kind.VARIABLE || next + 1 >= words.size()) {
            return new Node.Head(null, null, false, pipeline());
        }
        Token second = words.get(next + 1);
        if (second.is(",")) {
            if (!range || next + 3 >= words.size() || words.get(next + 2).kind() != Token.Kind.VARIABLE) {
                throw wrong(second, "two variables are for {{range $index, $element := …}}");
            }
            Token other = words.get(next + 2);
            Token sign = words.get(next + 3);
            next += 4;
            return head(first, other, sign);
        }
        if (second.is(":=") || second.is("=")) {
            next += 2;
            return head(null, first, second);
        }
        return new Node.Head(null, null, false, pipeline());
    }

    private Node.Head head(@Nullable Token key, Token variable, Token sign) {
        if (!sign.is(":=") && !sign.is("=")) {
            throw wrong(sign, "expected :=");
        }
        Expression value = pipeline();
        if (sign.is("=")) {
            checkVariable(variable);
        }
        variables.add(variable.text());
        if (key != null) {
            variables.add(key.text());
        }
        return new Node.Head(key == null ? null : key.text(), variable.text(), sign.is(":="), value);
    }

    private Expression pipeline() {
        int at = word().at();
        List<Expression> stages = new ArrayList<>();
        stages.add(command());
        while (word().is("|")) {
            next++;
            Expression stage = command();
            if (!(stage instanceof Expression.Call)) {
                throw scanner.wrong(stage.at(), "after | comes a function");
            }
            stages.add(stage);
        }
        return stages.size() == 1 ? stages.getFirst() : new Expression.Pipeline(stages, at);
    }

    private Expression command() {
        Token first = word();
        if (first.kind() == Token.Kind.NAME && literal(first) == null && !first.isName("nil")) {
            if (!Functions.NAMES.contains(first.text())) {
                String meant = Suggestion.didYouMean(first.text(), Functions.NAMES);
                throw wrong(
                        first, "unknown function \"" + first.text() + '"' + (meant == null ? "" : " (" + meant + ")"));
            }
            next++;
            List<Expression> arguments = new ArrayList<>();
            while (startsOperand(word())) {
                arguments.add(operand());
            }
            return new Expression.Call(first.text(), arguments, first.at());
        }
        Expression value = operand();
        if (startsOperand(word())) {
            throw wrong(word(), "only a function takes arguments; join values with {{…}}{{…}} or printf");
        }
        return value;
    }

    private static boolean startsOperand(Token word) {
        return word.kind() != Token.Kind.END && (word.kind() != Token.Kind.SIGN || word.is("("));
    }

    private Expression operand() {
        Token token = word();
        Expression value = switch (token.kind()) {
            case DOT -> new Expression.Dot(token.at());
            case FIELD -> new Expression.Field(new Expression.Dot(token.at()), token.text(), token.at());
            case VARIABLE -> {
                checkVariable(token);
                yield new Expression.Variable(token.text(), token.at());
            }
            case LITERAL -> new Expression.Literal(token.value(), token.at());
            case NAME -> named(token);
            case SIGN -> {
                if (!token.is("(")) {
                    throw wrong(token, "unexpected '" + token.text() + "'");
                }
                yield parenthesis(token);
            }
            case END -> throw wrong(token, "something is missing before }}");
        };
        next++;
        while (word().kind() == Token.Kind.FIELD && !word().spaced()) {
            value = new Expression.Field(value, word().text(), word().at());
            next++;
        }
        return value;
    }

    private Expression named(Token token) {
        Object literal = literal(token);
        return literal != null || token.isName("nil") ? new Expression.Literal(literal, token.at()) : call(token);
    }

    /// A function as an argument is called with none: `{{or (len .A) 0}}` needs its parentheses.
    private Expression call(Token token) {
        throw wrong(token, "put ( ) around \"" + token.text() + "\" and its arguments");
    }

    private static @Nullable Object literal(Token token) {
        return switch (token.text()) {
            case "true" -> true;
            case "false" -> false;
            default -> null;
        };
    }

    private Expression parenthesis(Token open) {
        deeper(open);
        next++;
        Expression inside = pipeline();
        if (!word().is(")")) {
            throw wrong(open, "there is no ) for this (");
        }
        depth--;
        return inside;
    }

    private void deeper(Token token) {
        if (++depth > DEEPEST) {
            throw wrong(token, "nested more than " + DEEPEST + " deep");
        }
    }

    private void checkVariable(Token token) {
        if (!variables.contains(token.text())) {
            String meant = Suggestion.didYouMean(token.text(), variables);
            throw wrong(token, "there is no variable " + token.text() + (meant == null ? "" : " (" + meant + ")"));
        }
    }

    private Token word() {
        return words.get(Math.min(next, words.size() - 1));
    }

    private void end() {
        if (word().kind() != Token.Kind.END) {
            throw wrong(word(), "unexpected '" + word().text() + "'");
        }
    }

    private UsageException wrong(Token token, String problem) {
        return scanner.wrong(Objects.requireNonNull(token).at(), problem);
    }
}
