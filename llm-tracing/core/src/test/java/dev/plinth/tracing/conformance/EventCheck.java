package dev.plinth.tracing.conformance;

import dev.plinth.tracing.conformance.Registry.EventType;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** An event against its type, which its name tells. Plinth's own may have whatever the conventions have on spans. */
final class EventCheck {

    private final Registry registry;
    private final LogRecordData event;

    EventCheck(Registry registry, LogRecordData event) {
        this.registry = registry;
        this.event = event;
    }

    List<String> problems() {
        Problems problems = new Problems();
        String schemaUrl = event.getInstrumentationScopeInfo().getSchemaUrl();
        if (!registry.schemaUrl().equals(schemaUrl)) {
            problems.add("schema URL", Objects.toString(schemaUrl), registry.schemaUrl());
        }
        String name = Objects.toString(event.getEventName());
        EventType type = registry.events().get(name);
        if (type == null && name.startsWith("plinth.")) {
            type = new EventType(null, anyOfSpans());
        }
        if (type == null) {
            problems.add("event", name, "one of " + registry.events().keySet());
            return problems.found();
        }
        if (type.severity() != null
                && !type.severity().equals(event.getSeverity().name())) {
            problems.add("severity", event.getSeverity(), type.severity());
        }
        if (event.getBodyValue() != null) {
            problems.add("body", "there", "none, all is in attributes");
        }
        AttributesCheck attributes = new AttributesCheck(registry, problems);
        attributes.checkStructured(event.getAttributes());
        attributes.check(event.getAttributes(), type.levels(), name);
        return problems.found();
    }

    private Levels anyOfSpans() {
        Map<String, String> any = new TreeMap<>();
        registry.spans()
                .values()
                .forEach(type -> type.levels().byKey().keySet().forEach(key -> any.put(key, "recommended")));
        return new Levels(any);
    }
}
