package dev.plinth.bench.trace;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * One thing an interaction does.
 *
 * @param kind what
 * @param place on which thread
 * @param parallel whether its children run side by side
 * @param children what it does within; only a tool has some
 */
record Step(Kind kind, Place place, boolean parallel, List<Step> children) {

    private static final int MOST_CHILDREN = 4;
    private static final int MOST_DEPTH = 3;

    enum Kind {
        CHAT,
        CHAT_THAT_FAILS,
        CHAT_ASKED_BEFORE,
        CHAT_WITH_RETRY,
        CHAT_WITH_FALLBACK,
        STREAM,
        STREAM_READ_ELSEWHERE,
        STREAM_WITH_FALLBACK,
        STREAM_THAT_BREAKS,
        STREAM_CANCELLED_MIDWAY,
        STREAM_CLOSED_ELSEWHERE,
        RETRIEVAL,
        RERANK,
        TOOL
    }

    enum Place {
        HERE,
        POOL,
        FUTURE,
        VIRTUAL_THREAD
    }

    /** Between one and six things, tools with more within. */
    static List<Step> plan(Random random) {
        return some(random, 1 + random.nextInt(6), 0);
    }

    private static List<Step> some(Random random, int count, int depth) {
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            steps.add(one(random, depth));
        }
        return steps;
    }

    private static Step one(Random random, int depth) {
        Kind[] kinds = Kind.values();
        Kind kind = kinds[random.nextInt(depth < MOST_DEPTH ? kinds.length : kinds.length - 1)];
        Place place = Place.values()[random.nextInt(Place.values().length)];
        List<Step> children =
                kind == Kind.TOOL ? some(random, random.nextInt(MOST_CHILDREN + 1), depth + 1) : List.of();
        return new Step(kind, place, random.nextBoolean(), children);
    }
}
