package dev.plinth.api.json;

import dev.plinth.api.json.ObjectShape.RefusedException;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Makes records and looks into them, public or not. */
final class RecordAccess {

    private final Constructor<?> constructor;

    private RecordAccess(Constructor<?> constructor) {
        this.constructor = constructor;
    }

    /** @throws IllegalArgumentException if the module of the record keeps it closed */
    static RecordAccess of(Class<?> type) {
        Class<?>[] components = Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getType)
                .toArray(Class<?>[]::new);
        try {
            return new RecordAccess(opened(type.getDeclaredConstructor(components)));
        } catch (NoSuchMethodException impossible) {
            throw new IllegalStateException(type.getName() + ": no canonical constructor", impossible);
        }
    }

    /** Makes a member callable, whatever its visibility. */
    static <T extends AccessibleObject & Member> T opened(T member) {
        if (!member.trySetAccessible()) {
            Class<?> owner = member.getDeclaringClass();
            throw Shapes.refused(
                    "type",
                    owner.getName() + " in the closed package of module "
                            + owner.getModule().getName(),
                    "'opens " + owner.getPackageName() + reader() + "' in its module-info");
        }
        return member;
    }

    private static String reader() {
        Module own = RecordAccess.class.getModule();
        return own.isNamed() ? " to " + own.getName() : "";
    }

    Object make(@Nullable Object[] values) throws RefusedException {
        try {
            return constructor.newInstance(values);
        } catch (InvocationTargetException failure) {
            Throwable thrown = thrown(failure);
            if (thrown instanceof RuntimeException) {
                throw new RefusedException(thrown);
            }
            throw unexpected(thrown);
        } catch (InstantiationException | IllegalAccessException impossible) {
            throw new IllegalStateException(constructor + ": cannot be called", impossible);
        }
    }

    ObjectShape.Getter getter(RecordComponent component) {
        Method accessor = opened(component.getAccessor());
        return object -> {
            try {
                return accessor.invoke(object);
            } catch (InvocationTargetException failure) {
                throw unexpected(thrown(failure));
            } catch (IllegalAccessException impossible) {
                throw new IllegalStateException(accessor + ": cannot be called", impossible);
            }
        };
    }

    /** What the called code threw. */
    static Throwable thrown(InvocationTargetException failure) {
        Throwable cause = failure.getCause();
        return cause == null ? failure : cause;
    }

    private static RuntimeException unexpected(Throwable cause) {
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof RuntimeException exception ? exception : new IllegalStateException(cause);
    }
}
