package dev.plinth.tracing.conformance;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.AttributeType;
import io.opentelemetry.api.common.Attributes;
import java.util.Set;
import java.util.stream.Collectors;

/** What spans, events and points of metrics have in common. */
final class AttributesCheck {

    private final Registry registry;
    private final Problems problems;

    AttributesCheck(Registry registry, Problems problems) {
        this.registry = registry;
        this.problems = problems;
    }

    /** The attributes of something that has these levels. */
    void check(Attributes given, Levels levels, String what) {
        given.forEach((key, value) -> {
            if (OwnAttributes.isOne(key)) {
                OwnAttributes.check(key, problems);
            } else {
                check(key, value, levels, what);
            }
        });
        levels.check(keys(given), problems);
    }

    private void check(AttributeKey<?> key, Object value, Levels levels, String what) {
        Attribute attribute = registry.attribute(key.getKey());
        String now = registry.renamed().get(key.getKey());
        if (now != null) {
            problems.add(key.getKey(), "an earlier name", now);
        } else if (attribute == null) {
            problems.add(key.getKey(), "not in the conventions");
        } else if (!levels.has(attribute.key()) && !registry.anywhere().contains(key.getKey())) {
            problems.add(key.getKey(), "not an attribute of " + what);
        } else {
            attribute.check(key, value, registry.schemas(), problems);
        }
    }

    /** On records, what may be a text of JSON on spans must be structured. */
    void checkStructured(Attributes given) {
        given.forEach((key, value) -> {
            Attribute attribute = registry.attribute(key.getKey());
            if (attribute != null && attribute.type().equals("any") && key.getType() == AttributeType.STRING) {
                problems.add(key.getKey(), key.getType(), AttributeType.VALUE);
            }
        });
    }

    static Set<String> keys(Attributes given) {
        return given.asMap().keySet().stream().map(AttributeKey::getKey).collect(Collectors.toSet());
    }
}
