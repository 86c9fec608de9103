package dev.plinth.rag.connectors.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

class PlacePropertiesTest {
    @Property
    void aPlaceIsReadAsItWasWritten(
            @ForAll Place.Kind kind, @ForAll String first, @ForAll @Size(max = 4) List<String> more) {
        Place place = Place.of(kind, first, more);
        assertThat(Place.parse(place.toString())).isEqualTo(place);
    }

    @Property
    void anIdIsReadAsItWasWritten(@ForAll @Size(min = 1, max = 4) List<String> key) {
        assertThat(RowId.key(RowId.of(key), key.size())).isEqualTo(key);
    }

    @Property
    void noTwoKeysHaveOneId(@ForAll @Size(2) List<String> one, @ForAll @Size(2) List<String> other) {
        assertThat(RowId.of(one).equals(RowId.of(other))).isEqualTo(one.equals(other));
    }

    @Property
    void whatIsNoPlaceIsNone(@ForAll String text) {
        Place place = Place.parse(text);
        assertThat(place == null || text.startsWith(place.kind().name() + " ")).isTrue();
    }
}
