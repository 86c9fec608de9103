package dev.plinth.tracing;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * OpenTelemetry's Java agent where it is attached: it reports calls of the SDKs of some vendors by itself, with spans and
 * metrics of the same conventions. Plinth's own adapters use no SDK; one that somebody wrote over an SDK holds its
 * client, and that can be seen.
 */
final class JavaAgent {

    private static final String ATTACHED = "io.opentelemetry.javaagent.bootstrap.AgentInitializer";
    private static final int MOST_OBJECTS = 500;
    private static final int MOST_OF_ONE = 20;

    /** The SDKs whose calls the agent reports. */
    enum Sdk {
        OPENAI("com.openai.", "openai", "openai-java"),
        BEDROCK("software.amazon.awssdk.services.bedrockruntime.", "aws-sdk-bedrock-runtime", "aws-sdk");

        private final String packages;
        private final List<String> switches;

        Sdk(String packages, String... switches) {
            this.packages = packages;
            this.switches = List.of(switches);
        }

        /** The setting that turns the agent's reports of it off. */
        String off() {
            return "otel.instrumentation." + switches.get(0) + ".enabled=false";
        }

        private boolean has(Class<?> type) {
            return type.getName().startsWith(packages);
        }
    }

    private final boolean attached;
    private final Function<String, @Nullable String> settings;

    /** @param settings the agent's, by the names of its properties; null: not set */
    JavaAgent(boolean attached, Function<String, @Nullable String> settings) {
        this.attached = attached;
        this.settings = settings;
    }

    /** The one of this process. */
    static JavaAgent here() {
        return new JavaAgent(isAttached(), JavaAgent::setting);
    }

    /** Attached, it is on the boot class path; as a jar of the application it would not be. */
    private static boolean isAttached() {
        try {
            Class.forName(ATTACHED, false, null);
            return true;
        } catch (ClassNotFoundException | LinkageError absent) {
            return false;
        }
    }

    private static @Nullable String setting(String name) {
        String property = System.getProperty(name);
        String variable = name.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
        return property == null ? System.getenv(variable) : property;
    }

    /** The SDK under this model whose calls the agent reports, too; null: none that can be seen. */
    @Nullable
    Sdk reports(Object model) {
        if (!attached) {
            return null;
        }
        Sdk sdk = under(model);
        return sdk != null && isOn(sdk) ? sdk : null;
    }

    /** As the agent decides: on by default, one of the names turns it off; off by default, one turns it on. */
    private boolean isOn(Sdk sdk) {
        boolean byDefault = isSet("otel.instrumentation.common.default-enabled", true);
        Predicate<String> on = each -> isSet("otel.instrumentation." + each + ".enabled", byDefault);
        return byDefault
                ? sdk.switches.stream().allMatch(on)
                : sdk.switches.stream().anyMatch(on);
    }

    private boolean isSet(String name, boolean otherwise) {
        String setting = settings.apply(name);
        return setting == null ? otherwise : Boolean.parseBoolean(setting);
    }

    /** Goes from the model to what it holds: the models it wraps, the parts of an adapter, a client. */
    private static @Nullable Sdk under(Object model) {
        Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Object> next = new ArrayDeque<>(List.of(model));
        while (!next.isEmpty() && seen.size() < MOST_OBJECTS) {
            Object holder = next.remove();
            if (!seen.add(holder)) {
                continue;
            }
            if (holder instanceof Collection<?> many) {
                some(many, next);
            } else if (holder instanceof Map<?, ?> map) {
                some(map.values(), next);
            } else if (!isOfTheJdk(holder.getClass())) {
                Sdk found = fields(holder, next);
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }

    /** Some of many are enough to see: nobody keeps a client of an SDK among thousands of others. */
    private static void some(Collection<?> many, Deque<Object> next) {
        many.stream().limit(MOST_OF_ONE).filter(each -> each != null).forEach(next::add);
    }

    private static @Nullable Sdk fields(Object holder, Deque<Object> next) {
        for (Class<?> type = holder.getClass(); type != null && !isOfTheJdk(type); type = type.getSuperclass()) {
            for (Field field : fieldsOf(type)) {
                for (Sdk sdk : Sdk.values()) {
                    if (sdk.has(field.getType())) {
                        return sdk;
                    }
                }
                Object value = value(field, holder);
                if (value != null) {
                    next.add(value);
                }
            }
        }
        return null;
    }

    /** None of a class that mentions one which is not there. */
    private static Field[] fieldsOf(Class<?> type) {
        try {
            return type.getDeclaredFields();
        } catch (LinkageError incomplete) {
            return new Field[0];
        }
    }

    private static boolean isOfTheJdk(Class<?> type) {
        return type.getName().startsWith("java.") || type.isArray() || type.isEnum();
    }

    /** Null also for what a module keeps to itself. */
    private static @Nullable Object value(Field field, Object holder) {
        if (field.getType().isPrimitive() || Modifier.isStatic(field.getModifiers()) || !field.trySetAccessible()) {
            return null;
        }
        try {
            return field.get(holder);
        } catch (IllegalAccessException impossible) {
            return null;
        }
    }
}
