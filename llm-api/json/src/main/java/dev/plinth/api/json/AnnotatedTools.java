package dev.plinth.api.json;

import dev.plinth.api.check.Check;
import dev.plinth.api.tool.Tool;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Tools from methods.
 *
 * <pre>{@code
 * final class Calendar {
 *     @ToolMethod("Lists the appointments of one day.")
 *     List<Appointment> appointments(LocalDate day, CallContext context) { ... }
 * }
 *
 * ChatModel assistant = ToolLoop.builder(model).tools(AnnotatedTools.of(new Calendar())).build();
 * }</pre>
 *
 * <p>The parameters are the properties of the arguments, by the rules of {@link JsonType}; a parameter of type
 * {@link dev.plinth.api.context.CallContext} gets the context of the call instead. Parameters need their names in the
 * class file: compile with {@code -parameters}. The result is text as it is, nothing as {@code done}, anything else as
 * JSON by the same rules.
 *
 * <p>Arguments that do not fit, and exceptions of the method, are results that tell the model; only
 * {@link dev.plinth.api.error.CancelledException} and {@link InterruptedException} end the loop. So the messages of the
 * method's exceptions are read by the model.
 *
 * <p>The tools are as thread-safe as the objects; the classes need not be public.
 */
public final class AnnotatedTools {

    private AnnotatedTools() {}

    /**
     * The methods of these objects that carry {@link ToolMethod}, inherited ones included, sorted by the tools' names.
     *
     * @throws IllegalArgumentException if an object has no such method; if one is private, static or has the name of
     *     another; if a parameter has no name in the class file; if a type cannot be described
     */
    public static List<Tool> of(Object... objects) {
        Check.notEmpty(Arrays.asList(objects), "objects");
        Map<String, MethodTool> tools = new TreeMap<>();
        for (Object object : objects) {
            for (Method method : methods(object)) {
                MethodTool tool = MethodTool.of(object, method);
                MethodTool other = tools.putIfAbsent(tool.spec().name(), tool);
                Check.that(
                        other == null,
                        "name",
                        tool.spec().name(),
                        "each once, but " + tool + " and " + other + " share it; set @ToolMethod(name = ...)");
            }
        }
        return List.copyOf(tools.values());
    }

    private static List<Method> methods(Object object) {
        Check.that(!(object instanceof Class<?>), "object", object, "an instance, not its class");
        List<Method> found = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (Class<?> type : hierarchy(object.getClass())) {
            for (Method method : type.getDeclaredMethods()) {
                // A bridge repeats the annotations of the method it leads to.
                if (method.isAnnotationPresent(ToolMethod.class) && !method.isSynthetic()) {
                    requireCallable(method);
                    if (seen.add(method.getName() + Arrays.toString(method.getParameterTypes()))) {
                        found.add(method);
                    }
                }
            }
        }
        Check.that(!found.isEmpty(), "object", "a " + object.getClass().getName(), "at least one @ToolMethod");
        return found;
    }

    /** The class, its superclasses, then all interfaces: an overriding method comes before the one it overrides. */
    private static Set<Class<?>> hierarchy(Class<?> type) {
        Set<Class<?>> all = new LinkedHashSet<>();
        for (Class<?> next = type; next != null; next = next.getSuperclass()) {
            all.add(next);
        }
        for (Class<?> known : List.copyOf(all)) {
            addInterfaces(known, all);
        }
        return all;
    }

    private static void addInterfaces(Class<?> type, Set<Class<?>> all) {
        for (Class<?> next : type.getInterfaces()) {
            if (all.add(next)) {
                addInterfaces(next, all);
            }
        }
    }

    private static void requireCallable(Method method) {
        int modifiers = method.getModifiers();
        if (Modifier.isPrivate(modifiers) || Modifier.isStatic(modifiers)) {
            throw Shapes.refused(
                    "method",
                    MethodTool.name(method),
                    "not " + (Modifier.isPrivate(modifiers) ? "private" : "static") + ", being a @ToolMethod");
        }
    }
}
