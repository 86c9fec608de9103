package dev.plinth.api.json;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.chat.ToolResult;
import dev.plinth.api.chat.ToolSpec;
import dev.plinth.api.check.Check;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.error.CancelledException;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.tool.Tool;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A method of an object as a tool. */
final class MethodTool implements Tool {

    private final Object object;
    private final Method method;
    private final ToolSpec spec;
    private final ObjectShape arguments;
    private final int contextIndex;
    private final @Nullable Shape result;

    private MethodTool(Object object, Method method, ToolSpec spec, ObjectShape arguments, @Nullable Shape result) {
        this.object = object;
        this.method = method;
        this.spec = spec;
        this.arguments = arguments;
        this.contextIndex = List.of(method.getParameterTypes()).indexOf(CallContext.class);
        this.result = result;
    }

    static MethodTool of(Object object, Method method) {
        ToolMethod annotation = method.getAnnotation(ToolMethod.class);
        Check.notBlank(annotation.value(), "description of " + name(method));
        String name = annotation.name().isEmpty() ? method.getName() : annotation.name();
        ObjectShape arguments = arguments(method);
        ToolSpec spec = new ToolSpec(
                name, annotation.value(), SchemaWriter.write(arguments).text());
        return new MethodTool(object, RecordAccess.opened(method), spec, arguments, result(method));
    }

    /** Class and method, for messages. */
    static String name(Method method) {
        return method.getDeclaringClass().getSimpleName() + "." + method.getName();
    }

    private static ObjectShape arguments(Method method) {
        ObjectShape shape = new ObjectShape("arguments", null, null, values -> values);
        Shapes shapes = new Shapes();
        List<ObjectShape.Property> properties = new ArrayList<>();
        int contexts = 0;
        for (Parameter parameter : method.getParameters()) {
            if (parameter.getType() == CallContext.class) {
                Check.that(++contexts == 1, "method", name(method), "one CallContext at most");
            } else {
                properties.add(property(method, parameter, shapes));
            }
        }
        shape.complete(properties);
        return shape;
    }

    private static ObjectShape.Property property(Method method, Parameter parameter, Shapes shapes) {
        if (!parameter.isNamePresent()) {
            throw Shapes.refused(
                    "parameter",
                    parameter.getName() + " of " + name(method),
                    "its name in the class file; compile with -parameters");
        }
        String place = name(method) + "(" + parameter.getName() + ")";
        Shape shape = shapes.of(parameter.getAnnotatedType(), parameter, place);
        ObjectShape.Getter none = values -> null;
        return new ObjectShape.Property(parameter.getName(), SchemaWriter.description(parameter), shape, none);
    }

    /** The shape of what the method returns; null for text and nothing, which are not JSON. */
    private static @Nullable Shape result(Method method) {
        Class<?> type = method.getReturnType();
        boolean plain = type == void.class || type == Void.class || type == String.class;
        return plain ? null : new Shapes().of(method.getAnnotatedReturnType(), method, name(method) + " result");
    }

    @Override
    public ToolSpec spec() {
        return spec;
    }

    @Override
    public ToolResult call(ToolCall call, CallContext context) {
        Reading reading = Reading.root();
        JsonNode node = JsonText.parse(call.arguments().isBlank() ? "{}" : call.arguments(), reading);
        Object values = node == null ? null : arguments.read(node, reading);
        if (values == null || !reading.isClean()) {
            return call.error("The arguments do not fit:\n"
                    + Repair.listed(reading.violations()).stripTrailing());
        }
        try {
            Object returned = method.invoke(object, parameters((Object[]) values, context));
            return call.result(text(returned));
        } catch (InvocationTargetException failure) {
            return failed(call, RecordAccess.thrown(failure));
        } catch (IllegalAccessException impossible) {
            throw new IllegalStateException(this + ": cannot be called", impossible);
        }
    }

    private @Nullable Object[] parameters(@Nullable Object[] values, CallContext context) {
        if (contextIndex < 0) {
            return values;
        }
        @Nullable Object[] all = new @Nullable Object[values.length + 1];
        System.arraycopy(values, 0, all, 0, contextIndex);
        all[contextIndex] = context;
        System.arraycopy(values, contextIndex, all, contextIndex + 1, values.length - contextIndex);
        return all;
    }

    private String text(@Nullable Object returned) {
        if (result != null) {
            return JsonText.write(result, returned);
        }
        return method.getReturnType() == String.class ? String.valueOf(returned) : "done";
    }

    private ToolResult failed(ToolCall call, Throwable failure) {
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure instanceof CancelledException cancelled) {
            throw cancelled;
        }
        if (failure instanceof InterruptedException) {
            Thread.currentThread().interrupt();
            throw new CancelledException(
                    "thread: interrupted in tool " + spec.name() + " (expected: its result)",
                    ErrorDetails.NONE,
                    failure);
        }
        String message = failure.getMessage();
        return call.error(
                message == null || message.isBlank() ? failure.getClass().getSimpleName() : message);
    }

    @Override
    public String toString() {
        return name(method);
    }
}
