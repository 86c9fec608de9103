package dev.plinth.api.testkit;

import dev.plinth.api.check.Check;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A request and its answer, as they stand in a file.
 *
 * @param request see {@link RecordedRequest}
 */
record Exchange(Json.Obj request, RecordedResponse response) {
    private static final String SERVER = "server";
    private static final String EXCHANGES = "exchanges";
    private static final String REQUEST = "request";
    private static final String RESPONSE = "response";

    /**
     * All exchanges of a file.
     *
     * @throws IllegalArgumentException if something in it is wrong
     * @throws UncheckedIOException if it cannot be read
     */
    static List<Exchange> readAll(Path file) {
        try {
            return parse(file.toString(), Files.readString(file, StandardCharsets.UTF_8));
        } catch (NoSuchFileException missing) {
            throw new UncheckedIOException(
                    file + ": not there (expected: a recording; to make one, run this once with " + RecordMode.VARIABLE
                            + "=true and what the server asks for, such as a key)",
                    missing);
        } catch (IOException failure) {
            throw new UncheckedIOException(file + ": unreadable (expected: a recording)", failure);
        }
    }

    static List<Exchange> parse(String name, String text) {
        List<Exchange> exchanges = new ArrayList<>();
        try {
            Json file = JsonReader.read(text);
            Check.that(file instanceof Json.Obj, "recording", "something else", "an object");
            ((Json.Obj) file).checkNames(Set.of(SERVER, EXCHANGES));
            for (Json.Obj exchange : ((Json.Obj) file).objects(EXCHANGES)) {
                exchange.checkNames(Set.of(REQUEST, RESPONSE));
                exchanges.add(new Exchange(
                        RecordedRequest.read(exchange.object(REQUEST)),
                        RecordedResponse.read(exchange.object(RESPONSE))));
            }
            return exchanges;
        } catch (IllegalArgumentException wrong) {
            throw new IllegalArgumentException(
                    name + ", after " + exchanges.size() + " exchanges: " + wrong.getMessage(), wrong);
        }
    }

    /** Writes all of them at once, or, if that fails, leaves the file as it is. */
    static void writeAll(Path file, String server, List<Exchange> exchanges) {
        Path whole = file.toAbsolutePath();
        try {
            Files.createDirectories(whole.getParent());
            Path half =
                    Files.createTempFile(whole.getParent(), file.getFileName().toString(), ".tmp");
            Files.writeString(half, print(server, exchanges), StandardCharsets.UTF_8);
            Files.move(half, whole, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failure) {
            throw new UncheckedIOException(file + ": not writable (expected: a file to record in)", failure);
        }
    }

    static String print(String server, List<Exchange> exchanges) {
        Map<String, Json> members = new LinkedHashMap<>();
        members.put(SERVER, Json.of(server));
        members.put(
                "exchanges",
                new Json.Arr(exchanges.stream().map(Exchange::toJson).toList()));
        return JsonWriter.pretty(new Json.Obj(members));
    }

    private static Json toJson(Exchange exchange) {
        Map<String, Json> members = new LinkedHashMap<>();
        members.put(REQUEST, exchange.request);
        members.put(RESPONSE, exchange.response.toJson());
        return new Json.Obj(members);
    }
}
