package dev.plinth.api.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.plinth.api.error.AuthenticationException;
import dev.plinth.api.error.StoreException;
import dev.plinth.api.retrieval.Connector;
import dev.plinth.api.retrieval.Document;
import dev.plinth.api.retrieval.Readers;
import dev.plinth.api.retrieval.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link Connector} has to do. */
public abstract class ConnectorContract {
    private static final String HOSTILE_NAME = "it's 100% größe & co";
    private static final String HOSTILE_TEXT = "it's \"x\" \\ 100% _ ${y} '; DROP TABLE documents; -- 日本語 😀";
    private static final String WRONG_SECRET = "wr0ng-s3cret";

    /** What a connector may be unable to do, mostly because its source cannot. */
    public enum Behavior {
        /** Lists page by page. */
        PAGES,
        /** Says how many items a list will have. */
        TOTAL,
        /** Tells what has changed since an earlier list. */
        CHANGES,
        /** Names in a list of changes what is gone. */
        REMOVALS,
        /** Gives a document that is written again the id it had. A mail, say, is never written again: the next is another. */
        SAME_ID,
        /** Gives a document that was written again with the same content the same version. */
        CONTENT_VERSIONS,
        /** Takes over from the source who may read. */
        READERS,
        /** Has settings that make other documents of the same items. */
        SETTINGS,
        /** May be denied one document. */
        DENIALS,
        /** Takes names of any characters. */
        ANY_NAME,
        /** May find one document damaged. */
        DAMAGED_DOCUMENTS,
        /** May find the source unreachable. */
        UNREACHABLE,
        /** Stops waiting for a source that does not answer when its thread is interrupted. */
        WAITS,
        /** Needs a secret to get in. */
        CREDENTIALS
    }

    private final List<Connector> opened = new ArrayList<>();
    private DocumentSource source;

    /** For subclasses. */
    @SuppressWarnings("NullAway.Init") // the source is there before each test
    protected ConnectorContract() {}

    /** A source that holds nothing yet. The suite closes it. */
    protected abstract DocumentSource source() throws Exception;

    /** What the connector cannot do; nothing unless overridden. The tests of it are reported as skipped. */
    protected Set<Behavior> unsupported() {
        return Set.of();
    }

    /** Makes the source of a test. */
    @BeforeEach
    public final void openSource() throws Exception {
        source = source();
    }

    /** Closes what a test opened. */
    @AfterEach
    public final void closeAll() throws Exception {
        opened.forEach(Connector::close);
        if (source != null) { // making it may have ended the test as skipped
            source.close();
        }
    }

    private boolean can(Behavior behavior) {
        return !unsupported().contains(behavior);
    }

    private void needs(Behavior behavior) {
        Skips.unless(unsupported(), behavior);
    }

    private Connector connect() throws Exception {
        return kept(source.connect());
    }

    private Connector kept(Connector connector) {
        opened.add(connector);
        return connector;
    }

    private void fill(int documents) throws Exception {
        for (int i = 0; i < documents; i++) {
            source.put("doc" + i, "text of document " + i);
        }
    }

    private Document fetch(Connector connector, String name) {
        return connector.fetch(Listing.all(connector).item(source.id(name)));
    }

    @Test
    public final void hasANameThatStays() throws Exception {
        assertThat(connect().name()).isNotBlank().isEqualTo(connect().name());
    }

    @Test
    public final void fingerprintTellsApartWhatMakesOtherDocuments() throws Exception {
        String fingerprint = connect().fingerprint();
        assertThat(connect().fingerprint()).as("stays").isEqualTo(fingerprint);
        needs(Behavior.SETTINGS);
        Set<String> known = new HashSet<>(Set.of(fingerprint));
        List<Connector> others = source.otherwise();
        assertThat(others).isNotEmpty();
        for (int i = 0; i < others.size(); i++) {
            assertThat(known.add(kept(others.get(i)).fingerprint()))
                    .as("differs, of number " + i)
                    .isTrue();
        }
    }

    @Test
    public final void emptySourceIsEmptyOrRefused() throws Exception {
        Connector connector = connect();
        Throwable refused = catchThrowable(() -> {
            Listing empty = Listing.all(connector);
            assertThat(empty.versions()).isEmpty();
            assertThat(empty.complete()).isTrue();
        });
        if (refused != null) {
            assertThat(refused).as("an index is not emptied by it").isInstanceOf(StoreException.class);
        }
    }

    @Test
    public final void listsEverythingOnceInAnOrderThatStays() throws Exception {
        fill(8);
        Connector connector = connect();
        Listing first = Listing.all(connector);
        assertThat(first.versions()).containsOnlyKeys(ids(8));
        assertThat(first.complete()).as("names all there is").isTrue();
        assertThat(first.removed()).isEmpty();
        assertThat(Listing.all(connector).items()).containsExactlyElementsOf(first.items());
        assertThat(Listing.all(connect()).items()).as("by another connector").containsExactlyElementsOf(first.items());
    }

    private List<String> ids(int documents) {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < documents; i++) {
            ids.add(source.id("doc" + i));
        }
        return ids;
    }

    @Test
    public final void listsPageByPage() throws Exception {
        needs(Behavior.PAGES);
        fill(8);
        Connector connector = connect();
        assertThat(Listing.all(connector).pages()).isGreaterThan(2);
        Connector.Page first = connector.list(null);
        assertThat(first.items()).hasSizeLessThanOrEqualTo(3);
        assertThat(connector.list(null)).as("starts again before the end").isEqualTo(first);
        String next = first.next();
        assertThat(connector.list(next)).as("the same page again").isEqualTo(connector.list(next));
    }

    @Test
    public final void saysHowManyThereAre() throws Exception {
        fill(8);
        long total = Listing.all(connect()).total();
        assertThat(total).isEqualTo(can(Behavior.TOTAL) ? 8 : -1);
    }

    @Test
    public final void versionChangesWithTheContent() throws Exception {
        needs(Behavior.SAME_ID);
        fill(3);
        Map<String, String> before = Listing.all(connect()).versions();
        source.put("doc1", "another text");
        Map<String, String> after = Listing.all(connect()).versions();
        assertThat(after.get(source.id("doc1"))).isNotEqualTo(before.get(source.id("doc1")));
        assertThat(after.get(source.id("doc0"))).isEqualTo(before.get(source.id("doc0")));
        assertThat(after.get(source.id("doc2"))).isEqualTo(before.get(source.id("doc2")));
        source.put("doc1", "another texT");
        assertThat(Listing.all(connect()).versions().get(source.id("doc1")))
                .as("of the same length")
                .isNotEqualTo(after.get(source.id("doc1")));
    }

    @Test
    public final void versionStaysWithTheContent() throws Exception {
        needs(Behavior.CONTENT_VERSIONS);
        fill(2);
        Listing before = Listing.all(connect());
        source.put("doc1", "text of document 1");
        assertThat(Listing.all(connect()).versions()).isEqualTo(before.versions());
    }

    @Test
    public final void fetchesWhatTheSourceHolds() throws Exception {
        source.put("doc", HOSTILE_TEXT);
        Connector connector = connect();
        Document document = fetch(connector, "doc");
        assertThat(document.id()).isEqualTo(source.id("doc"));
        assertThat(document.text()).contains(HOSTILE_TEXT);
        assertThat(document.source()).as("where a person finds it").isNotBlank();
        document.metadata()
                .get(Document.MODIFIED)
                .ifPresent(modified -> assertThat(modified).isInstanceOf(Value.Whole.class));
        assertThat(fetch(connector, "doc")).as("again").isEqualTo(document);
    }

    @Test
    public final void fetchesTheNewerOfTwoVersions() throws Exception {
        needs(Behavior.SAME_ID);
        source.put("doc", "first");
        Connector connector = connect();
        Connector.Item listed = Listing.all(connector).item(source.id("doc"));
        source.put("doc", "second");
        Listing.all(connector);
        assertThat(connector.fetch(listed).text()).contains("second");
    }

    @Test
    public final void takesNamesAsTheyCome() throws Exception {
        needs(Behavior.ANY_NAME);
        source.put(HOSTILE_NAME, "hostile");
        source.put("doc", "plain");
        assertThat(fetch(connect(), HOSTILE_NAME).text()).contains("hostile");
        source.remove(HOSTILE_NAME);
        assertThat(Listing.all(connect()).versions()).containsOnlyKeys(source.id("doc"));
    }

    @Test
    public final void fetchServesManyCallersAtOnce() throws Exception {
        fill(8);
        Connector connector = connect();
        List<Connector.Item> items = Listing.all(connector).items();
        List<List<String>> texts = Together.run(Together.THREADS, thread -> () -> {
            List<String> mine = new ArrayList<>();
            for (int i = 0; i < items.size(); i++) {
                Document document = connector.fetch(items.get((i + thread) % items.size()));
                mine.add(document.id() + " " + document.text());
            }
            return mine.stream().sorted().toList();
        });
        assertThat(texts).containsOnly(texts.get(0));
        assertThat(texts.get(0)).hasSize(8).doesNotHaveDuplicates();
    }

    @Test
    public final void takesOverWhoMayRead() throws Exception {
        needs(Behavior.READERS);
        fill(2);
        source.readers("doc1", Readers.of("group:hr", "user:7f3a"));
        Connector connector = connect();
        Connector.Item before = Listing.all(connector).item(source.id("doc1"));
        assertThat(connector.fetch(before).readers()).isEqualTo(Readers.of("group:hr", "user:7f3a"));
        source.readers("doc1", Readers.of("group:it"));
        Connector.Item after = Listing.all(connector).item(source.id("doc1"));
        assertThat(after.version()).as("version, after other readers").isNotEqualTo(before.version());
        assertThat(connector.fetch(after).readers()).isEqualTo(Readers.of("group:it"));
        source.readers("doc1", Readers.NOBODY);
        assertThat(fetch(connector, "doc1").readers()).isEqualTo(Readers.NOBODY);
    }

    @Test
    public final void whatIsDeniedDoesNotStay() throws Exception {
        needs(Behavior.DENIALS);
        fill(3);
        Listing before = Listing.all(connect());
        String denied = source.id("doc1");
        assertThat(before.versions()).containsKey(denied);
        source.deny("doc1");
        Listing after = Listing.all(connect());
        assertThat(after.versions()).containsOnlyKeys(source.id("doc0"), source.id("doc2"));
        assertThat(after.skipped()).as("what is named so is kept as it was").doesNotContain(denied);
        if (can(Behavior.CHANGES)) {
            Listing changes = Listing.since(connect(), before.since());
            assertThat(changes.removed()).contains(denied);
            assertThat(changes.skipped()).doesNotContain(denied);
        }
    }

    @Test
    public final void listsWhatHasChangedSince() throws Exception {
        needs(Behavior.CHANGES);
        fill(8);
        Listing all = Listing.all(connect());
        assertThat(all.since()).as("where a list of changes starts").isNotBlank();
        Listing none = Listing.since(connect(), all.since());
        assertThat(none.complete()).as("names all there is").isFalse();
        assertThat(none.removed()).isEmpty();
        assertThat(none.versions().entrySet())
                .as("nothing has changed")
                .isSubsetOf(all.versions().entrySet());

        source.put("doc1", "another text");
        source.put("doc9", "a new one");
        Listing some = Listing.since(connect(), none.since());
        Map<String, String> changed = new HashMap<>(some.versions());
        changed.entrySet().removeAll(all.versions().entrySet()); // what is told twice does no harm
        assertThat(changed).containsOnlyKeys(source.id("doc1"), source.id("doc9"));
        assertThat(some.since()).as("where the next one starts").isNotBlank();
        assertThat(fetch(connect(), "doc9").text()).contains("a new one");
    }

    @Test
    public final void namesWhatIsGone() throws Exception {
        needs(Behavior.CHANGES);
        needs(Behavior.REMOVALS);
        fill(4);
        Connector connector = connect();
        String since = Listing.all(connector).since();
        String gone = source.id("doc2");
        source.remove("doc2");
        source.remove("doc0");
        source.put("doc0", "there again");
        Listing changes = Listing.since(connector, since);
        assertThat(changes.removed()).contains(gone).hasSize(can(Behavior.SAME_ID) ? 1 : 2);
        assertThat(changes.versions()).containsKey(source.id("doc0"));
        assertThat(Listing.since(connector, changes.since()).removed())
                .as("what is told twice does no harm")
                .isSubsetOf(changes.removed());
    }

    @Test
    public final void whatChangesDuringAListIsInTheNext() throws Exception {
        needs(Behavior.CHANGES);
        needs(Behavior.PAGES);
        fill(8);
        Connector connector = connect();
        Connector.Page first = connector.list(null);
        for (int i = 0; i < 8; i++) {
            source.put("doc" + i, "another text " + i);
        }
        Listing all = Listing.startingWith(first, connector);
        assertThat(all.with(Listing.since(connector, all.since())))
                .isEqualTo(Listing.all(connect()).versions());
    }

    @Test
    public final void changesAddUpToWhatThereIs() throws Exception {
        needs(Behavior.CHANGES);
        fill(4);
        Random random = new Random(7);
        Listing known = Listing.all(connect());
        for (int step = 0; step < 12; step++) {
            for (int i = random.nextInt(5); i > 0; i--) {
                String name = "doc" + random.nextInt(9);
                if (can(Behavior.REMOVALS) && random.nextInt(3) == 0) {
                    source.remove(name);
                } else {
                    source.put(name, "text " + random.nextInt(4));
                }
            }
            source.put("always", "step " + step);
            Listing changes = Listing.since(connect(), known.since());
            Map<String, String> sum = known.with(changes);
            Listing all = Listing.all(connect());
            assertThat(sum).as("step " + step).isEqualTo(all.versions());
            known = new Listing(sum, Set.of(), Set.of(), changes.since(), true, -1, 1);
        }
    }

    @Test
    public final void unknownCursorListsEverything() throws Exception {
        fill(4);
        Listing all = Listing.since(connect(), "no cursor of this source");
        assertThat(all.versions()).containsOnlyKeys(ids(4));
        assertThat(all.complete()).as("names all there is").isTrue();
    }

    @Test
    public final void whatIsGoneCannotBeFetched() throws Exception {
        fill(2);
        Connector connector = connect();
        Connector.Item listed = Listing.all(connector).item(source.id("doc1"));
        source.remove("doc1");
        Listing.all(connector);
        assertThatThrownBy(() -> connector.fetch(listed)).isInstanceOf(StoreException.class);
        assertThatThrownBy(() -> connector.fetch(new Connector.Item("never there", "1")))
                .isInstanceOf(StoreException.class);
    }

    @Test
    public final void damagedDocumentIsAnErrorOfItsOwn() throws Exception {
        needs(Behavior.DAMAGED_DOCUMENTS);
        fill(4);
        source.damage("doc2");
        Connector connector = connect();
        Listing all = Listing.all(connector);
        String damaged = source.id("doc2");
        assertThat(all.versions().containsKey(damaged) || all.skipped().contains(damaged))
                .as("named, as an item or as one that was passed over")
                .isTrue();
        for (Connector.Item item : all.items()) {
            if (item.id().equals(damaged)) {
                assertThatThrownBy(() -> connector.fetch(item)).isInstanceOf(StoreException.class);
            } else {
                assertThat(connector.fetch(item).text()).contains("text of document");
            }
        }
    }

    @Test
    public final void unreachableSourceIsAnError() throws Exception {
        needs(Behavior.UNREACHABLE);
        fill(2);
        Connector connector = connect();
        Connector.Item listed = Listing.all(connector).item(source.id("doc1"));
        source.disappear();
        assertThatThrownBy(() -> connector.list(null)).isInstanceOf(StoreException.class);
        assertThatThrownBy(() -> connector.fetch(listed)).isInstanceOf(StoreException.class);
        assertThatThrownBy(() -> connect().list(null)).isInstanceOf(StoreException.class);
    }

    @Test
    public final void refusedCredentialsAreAnError() throws Exception {
        needs(Behavior.CREDENTIALS);
        fill(2);
        Throwable thrown =
                catchThrowable(() -> kept(source.connectWith(WRONG_SECRET)).list(null));
        assertThat(thrown).isInstanceOf(AuthenticationException.class);
        Secrets.assertHidden(WRONG_SECRET, thrown);
    }

    @Test
    public final void secretIsNowhereToBeSeen() throws Exception {
        needs(Behavior.CREDENTIALS);
        fill(4);
        Connector connector = connect();
        String secret = source.secret();
        List<String> seen = new ArrayList<>(List.of(connector.name(), connector.toString()));
        seen.add(connector.list(null).toString());
        for (Connector.Item item : Listing.all(connector).items()) {
            Document document = connector.fetch(item);
            seen.addAll(List.of(
                    document.source(), document.title(), document.metadata().toString()));
        }
        assertThat(seen).noneMatch(text -> text.contains(secret));
        Throwable gone = catchThrowable(() -> connector.fetch(new Connector.Item("never there", "1")));
        Secrets.assertHidden(secret, gone);
        if (can(Behavior.UNREACHABLE)) {
            source.disappear();
            Secrets.assertHidden(secret, catchThrowable(() -> connector.list(null)));
        }
    }

    @Test
    public final void obeysTheInterruptionOfItsThread() throws Exception {
        fill(2);
        Connector connector = connect();
        Connector.Item listed = Listing.all(connector).item(source.id("doc1"));
        Waiting.startInterrupted(() -> connector.list(null)).assertCancelled();
        Waiting.startInterrupted(() -> connector.fetch(listed)).assertCancelled();
        assertThat(connector.fetch(listed).text())
                .as("after another thread was interrupted")
                .contains("text of");
        assertThat(Listing.all(connector).versions()).hasSize(2);
    }

    @Test
    public final void stopsWaitingWhenItIsInterrupted() throws Exception {
        needs(Behavior.WAITS);
        fill(2);
        Connector connector = connect();
        Connector.Item listed = Listing.all(connector).item(source.id("doc1"));
        source.hang();
        for (Callable<?> call : List.<Callable<?>>of(() -> connector.list(null), () -> connector.fetch(listed))) {
            Waiting waiting = Waiting.start(call).settle();
            waiting.interrupt();
            waiting.assertCancelled();
        }
    }

    @Test
    public final void onlyReads() throws Exception {
        fill(8);
        Object before = source.state();
        try (Connector connector = source.connect()) {
            Listing all = Listing.all(connector);
            all.items().forEach(connector::fetch);
            Listing.since(connector, all.since());
            assertThatThrownBy(() -> connector.fetch(new Connector.Item("never there", "1")))
                    .isInstanceOf(StoreException.class);
        }
        assertThat(source.state()).isEqualTo(before);
    }

    @Test
    public final void closesTwice() throws Exception {
        fill(1);
        Connector connector = connect();
        connector.list(null);
        connector.close();
        assertThatCode(connector::close).doesNotThrowAnyException();
    }
}
