package dev.plinth.api.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.api.error.StoreException;
import dev.plinth.api.retrieval.Connector;
import dev.plinth.api.retrieval.Document;
import dev.plinth.api.retrieval.Readers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Faults that connectors really have, and the tests of the contract that catch them. */
class BrokenConnectorTest {
    /** A connector that does everything right; a fault overrides one method. */
    static class Sound implements Connector {
        final Connector source;

        Sound(Connector source) {
            this.source = source;
        }

        @Override
        public String name() {
            return source.name();
        }

        @Override
        public Page list(@Nullable String cursor) {
            return source.list(cursor);
        }

        @Override
        public Document fetch(Item item) {
            return source.fetch(item);
        }

        @Override
        public void close() {
            source.close();
        }

        /** The same page with other items and another place where it goes on. */
        static Page page(Page page, List<Item> items, @Nullable String since) {
            return new Page(items, page.removed(), page.skipped(), page.next(), since, page.complete(), page.total());
        }
    }

    abstract static class Suite extends ConnectorContract {
        @Override
        protected final DocumentSource source() {
            return new FakeDocumentSource(this::broken);
        }

        abstract Connector broken(Connector source);

        @Override
        protected Set<Behavior> unsupported() {
            return FakeDocumentSource.GAPS;
        }
    }

    /** Every page is another one than the source gives. */
    abstract static class EditedPages extends Suite {
        abstract Connector.Page edited(Connector.Page page);

        @Override
        Connector broken(Connector source) {
            return new Sound(source) {
                @Override
                public Page list(@Nullable String cursor) {
                    return edited(source.list(cursor));
                }
            };
        }

        static Connector.Page withoutRemoved(Connector.Page page, List<Connector.Skipped> skipped) {
            return new Connector.Page(
                    page.items(), List.of(), skipped, page.next(), page.since(), page.complete(), page.total());
        }
    }

    static class SoundSuite extends Suite {
        @Override
        Connector broken(Connector source) {
            return new Sound(source);
        }
    }

    @Test
    void soundConnectorPassesAndItsGapsAreSkippedByName() {
        ContractRun run = ContractRun.of(SoundSuite.class);
        assertThat(run.failed()).isEmpty();
        assertThat(run.skipped())
                .containsExactly(
                        "fingerprintTellsApartWhatMakesOtherDocuments",
                        "refusedCredentialsAreAnError",
                        "secretIsNowhereToBeSeen",
                        "stopsWaitingWhenItIsInterrupted");
    }

    static class Shuffles extends Suite {
        @Override
        Connector broken(Connector source) {
            return new Sound(source) {
                private int calls;

                @Override
                public Page list(@Nullable String cursor) {
                    Page page = source.list(cursor);
                    List<Item> items = new ArrayList<>(page.items());
                    Collections.rotate(items, calls++);
                    return page(page, items, page.since());
                }
            };
        }
    }

    @Test
    void orderOfAHashTable() {
        ContractRun.fails(Shuffles.class, "listsEverythingOnceInAnOrderThatStays", "listsPageByPage");
    }

    static class VersionsByTheHour extends EditedPages {
        @Override
        Connector.Page edited(Connector.Page page) {
            List<Connector.Item> items = page.items().stream()
                    .map(item -> new Connector.Item(item.id(), "12 o'clock"))
                    .toList();
            return Sound.page(page, items, page.since());
        }
    }

    @Test
    void coarseTimeStamps() {
        ContractRun.fails(VersionsByTheHour.class, "versionChangesWithTheContent", "listsWhatHasChangedSince");
    }

    static class VersionsByTheRun extends Suite {
        private static final AtomicLong RUNS = new AtomicLong();

        @Override
        Connector broken(Connector source) {
            long run = RUNS.incrementAndGet();
            return new Sound(source) {
                @Override
                public Page list(@Nullable String cursor) {
                    Page page = source.list(cursor);
                    List<Item> items = page.items().stream()
                            .map(item -> new Item(item.id(), item.version() + " of run " + run))
                            .toList();
                    return page(page, items, page.since());
                }
            };
        }
    }

    @Test
    void versionsThatDoNotLast() {
        ContractRun.fails(
                VersionsByTheRun.class, "versionStaysWithTheContent", "listsEverythingOnceInAnOrderThatStays");
    }

    /** Takes the end of the list, and not its start, as the moment from which changes are told. */
    static class CursorOfTheEnd extends Suite {
        @Override
        Connector broken(Connector source) {
            return new Sound(source) {
                @Override
                public Page list(@Nullable String cursor) {
                    Page page = source.list(cursor);
                    if (page.since() == null) {
                        return page;
                    }
                    Page now = source.list(null);
                    while (now.next() != null) {
                        now = source.list(now.next());
                    }
                    return page(page, page.items(), now.since());
                }
            };
        }
    }

    @Test
    void changesThatFallBetweenTwoLists() {
        ContractRun.fails(CursorOfTheEnd.class, "whatChangesDuringAListIsInTheNext");
    }

    static class ForgetsTheRemoved extends EditedPages {
        @Override
        Connector.Page edited(Connector.Page page) {
            return withoutRemoved(page, page.skipped());
        }
    }

    @Test
    void removalsLost() {
        ContractRun.fails(ForgetsTheRemoved.class, "namesWhatIsGone", "changesAddUpToWhatThereIs");
    }

    /** What was skipped is kept, with the readers it had. */
    static class SkipsTheRemoved extends EditedPages {
        @Override
        Connector.Page edited(Connector.Page page) {
            return withoutRemoved(
                    page,
                    page.removed().stream()
                            .map(id -> new Connector.Skipped(id, "denied"))
                            .toList());
        }
    }

    @Test
    void deniedDocumentsKept() {
        ContractRun.fails(SkipsTheRemoved.class, "whatIsDeniedDoesNotStay", "namesWhatIsGone");
    }

    /** What empties an index when the source asks for a cursor that it has forgotten. */
    static class EmptyForUnknownCursors extends Suite {
        @Override
        Connector broken(Connector source) {
            return new Sound(source) {
                @Override
                public Page list(@Nullable String cursor) {
                    return cursor != null && cursor.startsWith("no cursor")
                            ? new Page(List.of(), List.of(), List.of(), null, null, true, 0)
                            : source.list(cursor);
                }
            };
        }
    }

    @Test
    void unknownCursors() {
        ContractRun.fails(EmptyForUnknownCursors.class, "unknownCursorListsEverything");
    }

    static class EveryoneReads extends Suite {
        @Override
        Connector broken(Connector source) {
            return new Sound(source) {
                @Override
                public Document fetch(Item item) {
                    Document document = source.fetch(item);
                    return new Document(
                            document.id(),
                            document.title(),
                            document.text(),
                            document.source(),
                            Readers.EVERYONE,
                            document.metadata(),
                            document.pages());
                }
            };
        }
    }

    @Test
    void readersLost() {
        ContractRun.fails(EveryoneReads.class, "takesOverWhoMayRead");
    }

    static class BreaksOffAtABrokenOne extends Suite {
        @Override
        Connector broken(Connector source) {
            return new Sound(source) {
                @Override
                public Page list(@Nullable String cursor) {
                    Page page = source.list(cursor);
                    page.items().forEach(source::fetch); // to hash what they hold
                    return page;
                }
            };
        }
    }

    @Test
    void oneBrokenDocumentBreaksTheList() {
        ContractRun.fails(BreaksOffAtABrokenOne.class, "damagedDocumentIsAnErrorOfItsOwn");
    }

    static class EmptyWhenUnreachable extends Suite {
        @Override
        Connector broken(Connector source) {
            return new Sound(source) {
                @Override
                public Page list(@Nullable String cursor) {
                    try {
                        return source.list(cursor);
                    } catch (StoreException gone) {
                        return Page.all(List.of(), List.of());
                    }
                }
            };
        }
    }

    @Test
    void anUnreachableSourceLooksEmpty() {
        ContractRun.fails(EmptyWhenUnreachable.class, "unreachableSourceIsAnError");
    }

    static class ForgetsTheInterruption extends Suite {
        @Override
        Connector broken(Connector source) {
            return new Sound(source) {
                @Override
                public Document fetch(Item item) {
                    boolean interrupted = Thread.interrupted();
                    Document document = source.fetch(item);
                    if (interrupted) {
                        Thread.currentThread().interrupt();
                    }
                    return document;
                }
            };
        }
    }

    @Test
    void interruptionPutOff() {
        ContractRun.fails(ForgetsTheInterruption.class, "obeysTheInterruptionOfItsThread");
    }

    static class CachesDocuments extends Suite {
        @Override
        Connector broken(Connector source) {
            return new Sound(source) {
                private final Map<String, Document> cache = new ConcurrentHashMap<>();

                @Override
                public Page list(@Nullable String cursor) {
                    Page page = source.list(cursor);
                    page.items().forEach(item -> cache.computeIfAbsent(item.id(), id -> read(item)));
                    return page;
                }

                private @Nullable Document read(Item item) {
                    try {
                        return source.fetch(item);
                    } catch (StoreException broken) {
                        return null;
                    }
                }

                @Override
                public Document fetch(Item item) {
                    Document cached = cache.get(item.id());
                    return cached == null ? source.fetch(item) : cached;
                }
            };
        }
    }

    @Test
    void staleDocuments() {
        ContractRun.fails(CachesDocuments.class, "fetchesTheNewerOfTwoVersions", "whatIsGoneCannotBeFetched");
    }
}
