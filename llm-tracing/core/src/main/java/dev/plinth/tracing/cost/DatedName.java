package dev.plinth.tracing.cost;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Providers answer with the name of a model and the day it is of, such as {@code claude-haiku-4-5-20251001}. */
final class DatedName {

    private static final Pattern DATED = Pattern.compile("(.+)-(\\d{4}-\\d{2}-\\d{2}|\\d{8})");

    private DatedName() {}

    /** The name without a day behind it. */
    static String withoutDay(String model) {
        Matcher dated = DATED.matcher(model);
        return dated.matches() ? dated.group(1) : model;
    }
}
