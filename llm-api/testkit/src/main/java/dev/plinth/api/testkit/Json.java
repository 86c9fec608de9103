package dev.plinth.api.testkit;

import dev.plinth.api.check.Check;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A JSON value (RFC 8259) as recordings need it: nothing of it is rounded, objects keep their order. */
sealed interface Json {

    record Obj(Map<String, Json> members) implements Json {
        public Obj(Map<String, Json> members) {
            this.members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
        }

        @Nullable
        Json get(String name) {
            return members.get(name);
        }

        /** The member, refused unless it is an object. */
        Obj object(String name) {
            if (members.get(name) instanceof Obj object) {
                return object;
            }
            throw refused(name, "an object");
        }

        /** The elements of the member, each refused unless it is an object, as is all but an array of them. */
        List<Obj> objects(String name) {
            if (members.get(name) instanceof Arr array
                    && array.elements.stream().allMatch(element -> element instanceof Obj)) {
                return array.elements.stream().map(Obj.class::cast).toList();
            }
            throw refused(name, "an array of objects");
        }

        /** Refuses members of other names than these. */
        void checkNames(Set<String> names) {
            for (String name : members.keySet()) {
                Check.that(names.contains(name), "member", name, "one of " + names);
            }
        }

        /** The member, refused unless it is a string. */
        String text(String name) {
            if (members.get(name) instanceof Str string) {
                return string.value;
            }
            throw refused(name, "a string");
        }

        /** The member, refused unless it is a whole number of 0 or more; 0 when it is missing. */
        int count(String name) {
            Json value = members.get(name);
            if (value instanceof Plain plain && plain.text.matches("\\d{1,9}")) {
                return Integer.parseInt(plain.text);
            }
            Check.that(value == null, name, value, "a whole number");
            return 0;
        }

        /** The member, refused unless it is true or false; false when it is missing. */
        boolean flag(String name) {
            Json value = members.get(name);
            boolean flag = value instanceof Plain plain && plain.text.equals("true");
            Check.that(flag || value == null || value.toString().equals("false"), name, value, "true or false");
            return flag;
        }

        private IllegalArgumentException refused(String name, String expected) {
            Json value = members.get(name);
            String found = value == null ? "missing" : value.toString();
            return new IllegalArgumentException(name + ": " + found + " (expected: " + expected + ")");
        }

        @Override
        public String toString() {
            return JsonWriter.compact(this);
        }
    }

    record Arr(List<Json> elements) implements Json {
        public Arr(List<Json> elements) {
            this.elements = List.copyOf(elements);
        }

        @Override
        public String toString() {
            return JsonWriter.compact(this);
        }
    }

    record Str(String value) implements Json {
        @Override
        public String toString() {
            return JsonWriter.compact(this);
        }
    }

    /** A number, true, false or null, letter by letter. */
    record Plain(String text) implements Json {
        boolean isNumber() {
            return !Character.isLetter(text.charAt(0));
        }

        @Override
        public String toString() {
            return text;
        }
    }

    static Json of(String text) {
        return new Str(text);
    }

    static Json of(int number) {
        return new Plain(Integer.toString(number));
    }
}
