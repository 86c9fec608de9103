package dev.plinth.providers.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import dev.plinth.api.check.Check;
import dev.plinth.api.error.MalformedResponseException;
import dev.plinth.providers.ErrorBody;
import dev.plinth.providers.HttpAnswer;
import dev.plinth.providers.ProviderAnswer;
import java.io.IOException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Reading of a body that is one JSON value, with its failures told apart as everywhere. */
public final class JsonBody {

    private JsonBody() {}

    /** Reads one value. */
    @FunctionalInterface
    public interface Reader {

        /**
         * Reads the value the parser stands at, to its end.
         *
         * @throws IOException if the parser does, or the value is another than there should be
         */
        void read(JsonParser json) throws IOException;
    }

    /** Takes the fields of an object. */
    @FunctionalInterface
    public interface Fields {

        /**
         * Reads the value of a field, to its end, if it is wanted.
         *
         * @return false: it is not, and the parser still stands at the value
         */
        boolean read(String field, JsonParser json) throws IOException;
    }

    /**
     * Reads the body to its end.
     *
     * @param fault what the error says when it is something else, such as {@code body: no embeddings (expected: ...)}
     * @throws MalformedResponseException if the body is no JSON, or none the reader takes
     */
    public static void read(HttpAnswer answer, String fault, Reader reader) {
        try (JsonParser json = Json.FACTORY.createParser(answer.body())) {
            if (json.nextToken() == null) {
                throw malformed(answer, fault, null);
            }
            reader.read(json);
        } catch (JsonProcessingException broken) {
            throw malformed(answer, fault, broken);
        } catch (IOException failure) {
            throw answer.failed(failure);
        }
        answer.finish();
    }

    /**
     * Reads an object, which may be an error in a 200.
     *
     * @param fault what the error says when it is something else
     * @param found asked at the end: whether the object was what it should be
     * @throws dev.plinth.api.error.LlmException if it was not: the error that stands in it, else a {@link
     *     MalformedResponseException}
     */
    public static void readObject(ProviderAnswer answer, String fault, Fields fields, BooleanSupplier found) {
        ErrorBody.Fields errors = new ErrorBody.Fields();
        Fields all = (field, json) -> fields.read(field, json) || errors.read(field, json);
        read(answer.http(), fault, json -> readFields(json, all));
        boolean complete = found.getAsBoolean();
        ErrorBody error = errors.found(complete);
        if (error != null) {
            throw answer.error(error);
        }
        if (!complete) {
            throw malformed(answer.http(), fault, null);
        }
    }

    /** Hands over the fields of the object the parser stands at, and passes over what is not wanted, or no object. */
    public static void readFields(JsonParser json, Fields fields) throws IOException {
        if (Json.isObject(json)) {
            for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
                if (!fields.read(field, json)) {
                    json.skipChildren();
                }
            }
        }
    }

    /** Reads an object for the text of one field. */
    public static String text(ProviderAnswer answer, String field) {
        return one(answer, new OneField<>(field, json -> Json.text(json, null)), "a text");
    }

    /** Reads an object for the number of tokens in one field. */
    static long tokens(ProviderAnswer answer, String field) {
        OneField<Long> tokens = new OneField<>(field, json -> {
            long number = Json.number(json, -1);
            return number < 0 ? null : number;
        });
        return one(answer, tokens, "a number of tokens");
    }

    private static <T> T one(ProviderAnswer answer, OneField<T> field, String expected) {
        readObject(answer, field.name + ": none (expected: " + expected + ")", field, () -> field.value != null);
        return Check.notNull(field.value, field.name);
    }

    private interface Value<T> {
        @Nullable
        T read(JsonParser json) throws IOException;
    }

    private static final class OneField<T> implements Fields {
        private final String name;
        private final Value<T> reader;
        private @Nullable T value;

        OneField(String name, Value<T> reader) {
            this.name = name;
            this.reader = reader;
        }

        @Override
        public boolean read(String field, JsonParser json) throws IOException {
            if (!field.equals(name)) {
                return false;
            }
            value = reader.read(json);
            return true;
        }
    }

    static MalformedResponseException malformed(HttpAnswer answer, String fault, @Nullable IOException cause) {
        return new MalformedResponseException(fault, answer.details(), Json.withoutContent(cause));
    }
}
