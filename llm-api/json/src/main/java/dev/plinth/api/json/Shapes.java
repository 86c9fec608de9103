package dev.plinth.api.json;

import java.lang.reflect.AnnotatedArrayType;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.AnnotatedWildcardType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the shape of Java types. One instance serves one schema; a record has one shape within it, so that recursion
 * ends.
 */
final class Shapes {

    private static final String EXPECTED = "a record, an enum, a sealed interface of records, a List, Set or array of"
            + " them, a Map with String keys, an Optional, a primitive, String, a number, a date or time, UUID or URI";

    private static final Map<Class<?>, Class<?>> OPTIONAL_NUMBERS =
            Map.of(OptionalInt.class, int.class, OptionalLong.class, long.class, OptionalDouble.class, double.class);

    private final Map<Class<?>, ObjectShape> records = new HashMap<>();
    private final Map<Class<?>, ObjectShape> variants = new HashMap<>();
    private final Map<Class<?>, UnionShape> unions = new HashMap<>();

    /** The shape of a class that is not generic. */
    Shape of(Class<?> type) {
        return ofClass(type, "type");
    }

    /**
     * The shape of a component, a parameter or a result.
     *
     * @param declared carries {@code @Nullable} where that is not an annotation of the type
     * @param place for messages, such as {@code Recipe.steps}
     */
    Shape of(AnnotatedType type, AnnotatedElement declared, String place) {
        Shape shape = ofUse(type, place);
        boolean primitive = type.getType() instanceof Class<?> plain && plain.isPrimitive();
        boolean nullable = isNullable(declared) && !primitive && !(shape instanceof NullableShape);
        return nullable ? new NullableShape(shape, Object.class) : shape;
    }

    private Shape ofUse(AnnotatedType type, String place) {
        Shape shape = bare(type, place);
        return isNullable(type) && !(shape instanceof NullableShape) ? new NullableShape(shape, Object.class) : shape;
    }

    private Shape bare(AnnotatedType type, String place) {
        if (type instanceof AnnotatedArrayType array) {
            Shape element = ofUse(array.getAnnotatedGenericComponentType(), place + "[]");
            if (!(type.getType() instanceof Class<?> arrayClass)) {
                throw refused(type.getType(), place);
            }
            return new SequenceShape(element, arrayClass);
        }
        if (type instanceof AnnotatedParameterizedType generic) {
            return ofGeneric(generic, place);
        }
        if (type instanceof AnnotatedWildcardType wildcard && wildcard.getAnnotatedLowerBounds().length == 0) {
            return ofUse(wildcard.getAnnotatedUpperBounds()[0], place);
        }
        if (type.getType() instanceof Class<?> plain) {
            return ofClass(plain, place);
        }
        throw refused(type.getType(), place);
    }

    private Shape ofGeneric(AnnotatedParameterizedType type, String place) {
        Class<?> raw = (Class<?>) ((ParameterizedType) type.getType()).getRawType();
        AnnotatedType[] arguments = type.getAnnotatedActualTypeArguments();
        if (raw == List.class || raw == Collection.class) {
            return new SequenceShape(ofUse(arguments[0], place + "[]"), List.class);
        }
        if (raw == Set.class) {
            return new SequenceShape(ofUse(arguments[0], place + "[]"), Set.class);
        }
        if (raw == Map.class && arguments[0].getType() == String.class) {
            return new MapShape(ofUse(arguments[1], place + ".*"));
        }
        if (raw == Optional.class) {
            Shape value = ofUse(arguments[0], place);
            if (value instanceof NullableShape) {
                throw refused(type.getType(), place);
            }
            return new NullableShape(value, Optional.class);
        }
        throw refused(type.getType(), place);
    }

    private Shape ofClass(Class<?> type, String place) {
        ScalarShape scalar = Scalars.find(type);
        if (scalar != null) {
            return scalar;
        }
        Class<?> number = OPTIONAL_NUMBERS.get(type);
        if (number != null) {
            return new NullableShape(ofClass(number, place), type);
        }
        if (type.isEnum()) {
            return new EnumShape(type);
        }
        if (type.isArray()) {
            return new SequenceShape(ofClass(type.getComponentType(), place + "[]"), type);
        }
        if (type.isRecord() && type.getTypeParameters().length == 0) {
            return ofRecord(type, null, records);
        }
        if (type.isInterface() && type.isSealed() && type.getTypeParameters().length == 0) {
            return ofSealed(type, place);
        }
        throw refused(type, place);
    }

    private ObjectShape ofRecord(Class<?> type, @Nullable String tag, Map<Class<?>, ObjectShape> known) {
        ObjectShape shape = known.get(type);
        if (shape == null) {
            RecordAccess access = RecordAccess.of(type);
            shape = new ObjectShape(type.getSimpleName(), SchemaWriter.description(type), tag, access::make);
            known.put(type, shape);
            List<ObjectShape.Property> properties = new ArrayList<>();
            for (RecordComponent component : type.getRecordComponents()) {
                properties.add(property(type, component, access));
            }
            shape.complete(properties);
        }
        return shape;
    }

    private ObjectShape.Property property(Class<?> type, RecordComponent component, RecordAccess access) {
        String place = type.getSimpleName() + "." + component.getName();
        // An annotation that knows no record components ends up on the accessor only.
        AnnotatedElement declared = isNullable(component) ? component : component.getAccessor();
        Shape shape = of(component.getAnnotatedType(), declared, place);
        return new ObjectShape.Property(
                component.getName(), SchemaWriter.description(component), shape, access.getter(component));
    }

    private UnionShape ofSealed(Class<?> type, String place) {
        UnionShape shape = unions.get(type);
        if (shape == null) {
            shape = new UnionShape(type.getSimpleName(), SchemaWriter.description(type));
            unions.put(type, shape);
            Map<Class<?>, ObjectShape> all = new LinkedHashMap<>();
            Map<String, Class<?>> tags = new HashMap<>();
            for (Class<?> leaf : leaves(type, place)) {
                Class<?> other = tags.putIfAbsent(leaf.getSimpleName(), leaf);
                if (other != null && other != leaf) {
                    throw refused(
                            place,
                            type.getName(),
                            "records of different simple names, not twice " + leaf.getSimpleName());
                }
                all.put(leaf, variant(leaf));
            }
            shape.complete(all);
        }
        return shape;
    }

    private ObjectShape variant(Class<?> leaf) {
        for (RecordComponent component : leaf.getRecordComponents()) {
            if (component.getName().equals(ObjectShape.TAG)) {
                throw refused(
                        leaf.getSimpleName() + "." + ObjectShape.TAG,
                        "a component",
                        "another name, since this one tells the records of the sealed interface apart");
            }
        }
        return ofRecord(leaf, leaf.getSimpleName(), variants);
    }

    private static List<Class<?>> leaves(Class<?> type, String place) {
        List<Class<?>> leaves = new ArrayList<>();
        for (Class<?> permitted : type.getPermittedSubclasses()) {
            if (permitted.isRecord() && permitted.getTypeParameters().length == 0) {
                leaves.add(permitted);
            } else if (permitted.isInterface() && permitted.isSealed()) {
                leaves.addAll(leaves(permitted, place));
            } else {
                throw refused(place, permitted.getName(), "only records below the sealed interface " + type.getName());
            }
        }
        return leaves;
    }

    // By simple name, as tools do: there are a dozen of them, and none is asked of the caller.
    private static boolean isNullable(AnnotatedElement element) {
        return Arrays.stream(element.getAnnotations())
                .anyMatch(annotation ->
                        annotation.annotationType().getSimpleName().equals("Nullable"));
    }

    private static IllegalArgumentException refused(Type type, String place) {
        return refused(place, type.getTypeName(), EXPECTED);
    }

    static IllegalArgumentException refused(String name, String value, String expected) {
        return new IllegalArgumentException(name + ": " + value + " (expected: " + expected + ")");
    }
}
