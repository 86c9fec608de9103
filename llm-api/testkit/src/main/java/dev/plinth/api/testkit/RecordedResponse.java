package dev.plinth.api.testkit;

import dev.plinth.api.check.Check;
import dev.plinth.api.testkit.StubAnswer.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * An answer as it stands in a recording.
 *
 * @param status 0: there was none
 * @param afterMillis from the request to the head
 * @param headers by name, lower case
 * @param chunked whether the body was sent in chunks, its length unknown before its end
 * @param pieces of the body, as they arrived
 * @param reason why it broke off, for people; empty when it did not
 */
record RecordedResponse(
        int status,
        int afterMillis,
        Map<String, String> headers,
        boolean chunked,
        List<Piece> pieces,
        End end,
        String reason) {

    /** Some of a body, and how long it was waited for. */
    record Piece(int afterMillis, byte[] bytes) {}

    /** How an answer ended. */
    enum End {
        /** In good order. */
        COMPLETE,
        /** The server reset the connection, or closed it too early. */
        BROKEN,
        /** There was no connection to the server. */
        UNREACHABLE,
        /** The client went before it was over, so the rest of it is unknown. */
        CANCELLED;

        static End of(String name) {
            for (End end : values()) {
                if (end.toString().equals(name)) {
                    return end;
                }
            }
            throw new IllegalArgumentException(
                    "end: " + name + " (expected: complete, broken, unreachable or cancelled)");
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final Set<String> NAMES =
            Set.of("status", "afterMillis", "headers", "chunked", "pieces", "end", "reason");
    private static final Set<String> NAMES_OF_PIECES =
            Set.of("afterMillis", RecordedBody.JSON, RecordedBody.TEXT, RecordedBody.BASE64);

    RecordedResponse scrubbed(Scrubber scrubber) {
        Map<String, String> scrubbedHeaders = new LinkedHashMap<>();
        headers.forEach((name, value) -> scrubbedHeaders.put(name, scrubber.scrub(value)));
        List<byte[]> bytes = scrubber.scrub(pieces.stream().map(Piece::bytes).toList());
        List<Piece> scrubbedPieces = new ArrayList<>();
        for (int i = 0; i < pieces.size(); i++) {
            scrubbedPieces.add(new Piece(pieces.get(i).afterMillis(), bytes.get(i)));
        }
        return new RecordedResponse(
                status, afterMillis, scrubbedHeaders, chunked, scrubbedPieces, end, scrubber.scrub(reason));
    }

    Json.Obj toJson() {
        Map<String, Json> members = new LinkedHashMap<>();
        if (status > 0) {
            members.put("status", Json.of(status));
            members.put("afterMillis", Json.of(afterMillis));
            Map<String, Json> fields = new LinkedHashMap<>();
            headers.forEach((name, value) -> fields.put(name, Json.of(value)));
            members.put("headers", new Json.Obj(fields));
            if (chunked) {
                members.put("chunked", new Json.Plain("true"));
            }
            members.put(
                    "pieces",
                    new Json.Arr(pieces.stream().map(RecordedResponse::toJson).toList()));
        }
        members.put("end", Json.of(end.toString()));
        if (!reason.isEmpty()) {
            members.put("reason", Json.of(reason));
        }
        return new Json.Obj(members);
    }

    private static Json toJson(Piece piece) {
        Map<String, Json> members = new LinkedHashMap<>();
        members.put("afterMillis", Json.of(piece.afterMillis));
        RecordedBody.write(piece.bytes, true, members);
        return new Json.Obj(members);
    }

    static RecordedResponse read(Json.Obj json) {
        json.checkNames(NAMES);
        int status = json.count("status");
        Check.that(status == 0 || (status >= 200 && status <= 999), "status", status, "200 to 999");
        Map<String, String> headers = new LinkedHashMap<>();
        List<Piece> pieces = new ArrayList<>();
        if (status > 0) {
            Json.Obj fields = json.object("headers");
            fields.members().keySet().forEach(name -> headers.put(name, fields.text(name)));
            json.objects("pieces").forEach(piece -> pieces.add(readPiece(piece)));
        }
        return new RecordedResponse(
                status,
                json.count("afterMillis"),
                headers,
                json.flag("chunked"),
                pieces,
                End.of(json.text("end")),
                json.get("reason") == null ? "" : json.text("reason"));
    }

    private static Piece readPiece(Json.Obj json) {
        json.checkNames(NAMES_OF_PIECES);
        return new Piece(json.count("afterMillis"), RecordedBody.read(json));
    }

    /**
     * The same answer, given again.
     *
     * @param timing whether it waits as long as the server did
     */
    StubAnswer toAnswer(boolean timing) {
        if (status == 0) {
            return StubAnswer.hangUp(); // a server that is there cannot refuse a connection
        }
        List<Step> steps = new ArrayList<>();
        for (Piece piece : pieces) {
            if (timing && piece.afterMillis > 0) {
                steps.add(new Step.Pause(Duration.ofMillis(piece.afterMillis)));
            }
            steps.add(new Step.Write(piece.bytes));
        }
        if (end != End.COMPLETE) {
            steps.add(new Step.HangUp(false)); // a reset might overtake what came before it
        }
        StubAnswer answer = StubAnswer.head(status, headers, chunked).then(steps);
        return timing && afterMillis > 0 ? answer.delayed(Duration.ofMillis(afterMillis)) : answer;
    }
}
