package dev.jbuild.cli.template;

import dev.jbuild.cli.report.UsageException;
import dev.jbuild.parser.source.Suggestion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Makes text of a template and a value.
final class Evaluator {
    private final Scanner source;
    private final boolean headings;
    private final StringBuilder out = new StringBuilder();
    private Scope scope = new Scope(null);

    /// How a list of nodes ended.
    private enum Flow {
        ON,
        BREAK,
        CONTINUE
    }

    /// Variables of a block, and those around it.
    private record Scope(@Nullable Scope outer, Map<String, @Nullable Object> variables) {
        Scope(@Nullable Scope outer) {
            this(outer, new HashMap<>());
        }

        @Nullable
        Scope holder(String name) {
            for (Scope scope = this; scope != null; scope = scope.outer) {
                if (scope.variables.containsKey(name)) {
                    return scope;
                }
            }
            return null;
        }
    }

    /// @param headings whether functions only pass on what they are given
    Evaluator(Scanner source, boolean headings) {
        this.source = source;
        this.headings = headings;
    }

    String text(List<Node> nodes, @Nullable Object data) {
        scope.variables.put("$", data);
        run(nodes, data);
        return out.toString();
    }

    private Flow run(List<Node> nodes, @Nullable Object data) {
        for (Node node : nodes) {
            Flow flow = run(node, data);
            if (flow != Flow.ON) {
                return flow;
            }
        }
        return Flow.ON;
    }

    private Flow run(Node node, @Nullable Object data) {
        return switch (node) {
            case Node.Text text -> {
                out.append(text.text());
                yield Flow.ON;
            }
            case Node.Output output -> {
                Object value = value(output.value(), data);
                out.append(value == null ? "<no value>" : GoText.of(value));
                yield Flow.ON;
            }
            case Node.Assignment assignment -> {
                assign(assignment.name(), assignment.declares(), value(assignment.value(), data));
                yield Flow.ON;
            }
            case Node.If branch ->
                within(() -> {
                    Object value = bound(branch.head(), data);
                    return run(GoText.truth(value) ? branch.body() : branch.otherwise(), data);
                });
            case Node.With with ->
                within(() -> {
                    Object value = bound(with.head(), data);
                    return GoText.truth(value) ? run(with.body(), value) : run(with.otherwise(), data);
                });
            case Node.Range range -> within(() -> range(range, data));
            case Node.Break stop -> Flow.BREAK;
            case Node.Continue on -> Flow.CONTINUE;
        };
    }

    /// Something that may end a range.
    private interface Block {
        Flow run();
    }

    private Flow within(Block block) {
        Scope outer = scope;
        scope = new Scope(outer);
        try {
            return block.run();
        } finally {
            scope = outer;
        }
    }

    private @Nullable Object bound(Node.Head head, @Nullable Object data) {
        Object value = value(head.value(), data);
        if (head.variable() != null) {
            assign(head.variable(), head.declares(), value);
        }
        return value;
    }

    private void assign(String name, boolean declares, @Nullable Object value) {
        Scope holder = declares ? scope : scope.holder(name);
        (holder == null ? scope : holder).variables.put(name, value);
    }

    private Flow range(Node.Range range, @Nullable Object data) {
        Node.Head head = range.head();
        Map<Object, @Nullable Object> elements = elements(value(head.value(), data), head.value());
        if (elements.isEmpty()) {
            return run(range.otherwise(), data);
        }
        for (Map.Entry<Object, @Nullable Object> element : elements.entrySet()) {
            Flow flow = within(() -> {
                if (head.key() != null) {
                    assign(head.key(), head.declares(), element.getKey());
                }
                if (head.variable() != null) {
                    assign(head.variable(), head.declares(), element.getValue());
                }
                return run(range.body(), element.getValue());
            });
            if (flow == Flow.BREAK) {
                break;
            }
        }
        return Flow.ON;
    }

    /// A map's elements come in the order of their keys, as in Go.
    private Map<Object, @Nullable Object> elements(@Nullable Object value, Expression where) {
        Map<Object, @Nullable Object> elements = new TreeMap<>();
        switch (value) {
            case null -> {}
            case List<?> list -> {
                for (int i = 0; i < list.size(); i++) {
                    elements.put((long) i, list.get(i));
                }
            }
            case Map<?, ?> map -> map.forEach((key, element) -> elements.put(String.valueOf(key), element));
            default -> throw wrong(where, "cannot range over " + GoText.kind(value));
        }
        return elements;
    }

    private @Nullable Object value(Expression expression, @Nullable Object data) {
        return switch (expression) {
            case Expression.Literal literal -> literal.value();
            case Expression.Dot dot -> data;
            case Expression.Variable variable -> {
                Scope holder = scope.holder(variable.name());
                yield holder == null ? null : holder.variables.get(variable.name());
            }
            case Expression.Field field -> field(value(field.of(), data), field);
            case Expression.Call call -> call(call, values(call.arguments(), data));
            case Expression.Pipeline pipeline -> pipeline(pipeline, data);
        };
    }

    private List<@Nullable Object> values(List<Expression> expressions, @Nullable Object data) {
        List<@Nullable Object> values = new ArrayList<>();
        for (Expression expression : expressions) {
            values.add(value(expression, data));
        }
        return values;
    }

    private @Nullable Object pipeline(Expression.Pipeline pipeline, @Nullable Object data) {
        Object value = value(pipeline.stages().getFirst(), data);
        for (Expression stage : pipeline.stages().subList(1, pipeline.stages().size())) {
            // The parser lets nothing but calls follow a pipe.
            Expression.Call call = (Expression.Call) stage;
            List<@Nullable Object> arguments = values(call.arguments(), data);
            arguments.add(value);
            value = call(call, arguments);
        }
        return value;
    }

    private @Nullable Object field(@Nullable Object of, Expression.Field field) {
        return switch (of) {
            case null -> null;
            case Struct struct -> {
                for (String spelling : spellings(field.name())) {
                    if (struct.has(spelling)) {
                        yield struct.value(spelling);
                    }
                }
                String meant = Suggestion.didYouMean(field.name(), struct.names());
                String there = String.join(", ", struct.names());
                throw wrong(
                        field,
                        "there is no field ." + field.name() + "; " + (meant == null ? "there are " + there : meant));
            }
            case Map<?, ?> map -> {
                for (String spelling : spellings(field.name())) {
                    if (map.containsKey(spelling)) {
                        yield map.get(spelling);
                    }
                }
                yield null;
            }
            default -> throw wrong(field, "." + field.name() + " is asked of " + GoText.kind(of));
        };
    }

    /// Go's names of fields have a capital where those in JSON have none.
    private static List<String> spellings(String name) {
        return List.of(
                name, name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1), name.toLowerCase(Locale.ROOT));
    }

    private @Nullable Object call(Expression.Call call, List<@Nullable Object> arguments) {
        if (headings && Functions.OF_DOCKER.contains(call.function())) {
            return arguments.isEmpty() ? "" : arguments.getFirst();
        }
        try {
            return Functions.call(call.function(), arguments);
        } catch (IllegalArgumentException e) {
            throw wrong(call, call.function() + ": " + e.getMessage());
        }
    }

    private UsageException wrong(Expression where, String problem) {
        return source.wrong(where.at(), problem);
    }
}
