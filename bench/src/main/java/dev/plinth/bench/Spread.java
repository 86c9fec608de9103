package dev.plinth.bench;

import dev.plinth.api.check.Check;
import java.util.List;

/** Measurements of one thing, at least one. */
record Spread(List<Double> values) {
    Spread {
        values = List.copyOf(Check.notEmpty(values, "values")).stream().sorted().toList();
    }

    double least() {
        return values.get(0);
    }

    double most() {
        return values.get(values.size() - 1);
    }

    double median() {
        int half = values.size() / 2;
        return values.size() % 2 == 1 ? values.get(half) : (values.get(half - 1) + values.get(half)) / 2;
    }
}
