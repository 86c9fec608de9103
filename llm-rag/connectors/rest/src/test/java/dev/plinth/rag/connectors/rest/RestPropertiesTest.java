package dev.plinth.rag.connectors.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinth.api.error.StoreException;
import dev.plinth.api.time.TimeSource;
import dev.plinth.rag.connect.HttpReader;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

class RestPropertiesTest {
    @Property(tries = 300)
    void placeComesBackFromItsText(
            @ForAll Place.Kind kind,
            @ForAll String since,
            @ForAll String started,
            @ForAll String next,
            @ForAll @IntRange(max = 1000) int pages,
            @ForAll @Size(max = 5) List<String> parents,
            @ForAll @Size(max = 5) Set<String> known,
            @ForAll boolean asked) {
        Step step = new Step(next, pages, started);
        Place place = new Place(kind, since, started, step, asked ? parents : null, known);
        assertThat(Place.parse(place.toString())).isEqualTo(place);
    }

    /** The first {@code before} pages are new, the others come again and again. */
    @Property(tries = 100)
    void circleOfAnyLengthEnds(
            @ForAll @IntRange(max = 20) int before, @ForAll @IntRange(min = 1, max = 20) int length) {
        Step step = Step.FIRST;
        int page = 0;
        while (page < 200) {
            int shown = page < before ? page : before + (page - before) % length;
            try {
                step = step.then("cursor " + page, List.of(Api.object().put("id", shown)));
            } catch (StoreException circle) {
                break;
            }
            page++;
        }
        assertThat(page).isGreaterThanOrEqualTo(before + length).isLessThan(2 * (2 * before + 2 * length) + 2);
    }

    @Property(tries = 100)
    void pagesThatAreNewDoNotEndAList(@ForAll @IntRange(min = 1, max = 300) int pages) {
        Step step = Step.FIRST;
        for (int page = 0; page < pages; page++) {
            List<JsonNode> items =
                    page % 3 == 0 ? List.of() : List.of(Api.object().put("id", page));
            step = step.then("cursor " + page, items);
        }
        assertThat(step.pages()).isEqualTo(pages);
    }

    @Example
    void emptyPagesEndToo() {
        assertThatThrownBy(() -> {
                    Step step = Step.FIRST;
                    while (true) {
                        step = step.then(step.next().equals("a") ? "b" : "a", List.of());
                    }
                })
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("pages (expected: at most that)");
    }

    @Property(tries = 300)
    void anyTextIsAPlaceOrTheStart(@ForAll String text) {
        assertThat(Place.parse(text)).isEqualTo(Place.START);
        assertThat(Place.parse("{\"list\":" + text)).isEqualTo(Place.START);
    }

    @Property(tries = 300)
    void idComesBackAsItsParts(@ForAll @Size(min = 2, max = 4) List<String> parts) {
        assertThat(ItemId.parts(ItemId.of(parts), parts.size())).isEqualTo(parts);
    }

    @Property(tries = 200)
    void oneIdIsAsItIs(@ForAll String id) {
        assertThat(ItemId.parts(ItemId.of(List.of(id)), 1)).containsExactly(id);
    }

    @Property(tries = 200)
    void timesComeBack(@ForAll @LongRange(min = 0, max = 4_000_000_000L) long seconds) {
        Instant time = Instant.ofEpochSecond(seconds, 123_456_000);
        assertThat(Times.parse(Times.format(time, "iso"))).contains(time);
        assertThat(Times.parse(Times.format(time, "seconds"))).contains(time);
    }

    @Property(tries = 200)
    void anyTextIsATimeOrNot(@ForAll String text) {
        Times.parse(text);
    }

    @Example
    void timesAsApisWriteThem() {
        Instant time = Instant.parse("2026-01-02T08:00:00Z");
        for (String text : List.of(
                "2026-01-02T09:00:00.000+0100",
                "2026-01-02T08:00:00Z",
                "Fri, 02 Jan 2026 08:00:00 GMT",
                "1767340800",
                "1767340800.000000",
                "1767340800000")) {
            assertThat(Times.parse(text)).as(text).contains(time);
        }
        assertThat(Times.format(time, "yyyy-MM-dd HH:mm")).isEqualTo("2026-01-02 08:00");
    }

    @Property(tries = 200)
    void whatASourceSaysIsOneValueOfARequest(@ForAll String text) throws IOException {
        ObjectNode context = Api.object().put("$next", text);
        context.putArray("$id").add(text);
        context.putObject("$parameters").put("q", text);
        JsonNode body =
                StubApi.JSON.readTree("{\"a\": \"{$next}\", \"b\": {\"c\": \"x {$id/0} y\"}, \"d\": [\"{$none}\", 1]}");
        TemplateFile.Request request =
                new TemplateFile.Request("/items/{$id/0}/x", Map.of("q", "({$parameters/q})", "n", "{$none}"), body);
        try (Api api = api()) {
            URI uri = api.request(request, context).uri();
            assertThat(uri.getHost()).isEqualTo("api.example");
            assertThat(uri.getRawPath().split("/", -1)).hasSize(4).endsWith("x");
            assertThat(uri.getRawQuery().split("&")).hasSize(1);
            assertThat(uri.getRawFragment()).isNull();
        }
    }

    private static Api api() {
        return new Api(
                URI.create("https://api.example/"), null, ApiTemplate.notion().file(), reader());
    }

    private static HttpReader reader() {
        return new HttpReader("x", List.of("api.example"), HttpReader.Limits.DEFAULT, TimeSource.system());
    }

    @Example
    void pathsFindFields() throws IOException {
        JsonNode root = StubApi.JSON.readTree(
                "{\"a\":{\"b\":[{\"c\":1},{\"c\":null},{\"c\":\"x\"}]},\"o.p\":true,\"f\":false,\"m\":{\"k\":{\"v\":2},\"l\":{\"v\":3}}}");
        assertThat(Fields.texts(root, "a/b/*/c")).containsExactly("1", "x");
        assertThat(Fields.texts(root, "a/b/2/c")).containsExactly("x");
        assertThat(Fields.texts(root, "m/*/v")).containsExactly("2", "3");
        assertThat(Fields.holds(root, "o.p")).isTrue();
        assertThat(Fields.holds(root, "f")).isFalse();
        assertThat(Fields.holds(root, "a")).isTrue();
        assertThat(Fields.holds(root, "a/none")).isFalse();
        assertThat(Fields.fill("<{a/b/0/c}> {none} {{x", root)).isEqualTo("<1>  {{x");
        assertThat(Fields.first(root, "")).isEqualTo(root);
    }
}
