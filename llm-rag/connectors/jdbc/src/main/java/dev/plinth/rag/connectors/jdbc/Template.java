package dev.plinth.rag.connectors.jdbc;

import dev.plinth.api.check.Check;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A text with columns in it, such as {@code # {title}}. */
final class Template {
    private static final Pattern COLUMN = Pattern.compile("\\{([^{}]+)}");

    private final String template;
    private final List<String> between = new ArrayList<>();
    private final List<Identifier> columns = new ArrayList<>();

    private Template(String template) {
        this.template = template;
    }

    static Template of(String text, String argument) {
        Template template = new Template(text);
        Matcher matcher = COLUMN.matcher(Check.notBlank(text, argument));
        int at = 0;
        while (matcher.find()) {
            template.between.add(text.substring(at, matcher.start()));
            template.columns.add(Identifier.column(matcher.group(1), argument));
            at = matcher.end();
        }
        template.between.add(text.substring(at));
        Check.that(!template.columns.isEmpty(), argument, text, "at least one {column}");
        return template;
    }

    List<Identifier> columns() {
        return columns;
    }

    String fill(Function<Identifier, String> value) {
        StringBuilder text = new StringBuilder(between.get(0));
        for (int i = 0; i < columns.size(); i++) {
            text.append(value.apply(columns.get(i))).append(between.get(i + 1));
        }
        return text.toString();
    }

    /** As it was given. */
    @Override
    public String toString() {
        return template;
    }
}
