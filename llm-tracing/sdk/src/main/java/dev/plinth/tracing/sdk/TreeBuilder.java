package dev.plinth.tracing.sdk;

import dev.plinth.tracing.PlinthAttributes;
import dev.plinth.tracing.sdk.StoredTrace.Snapshot;
import dev.plinth.tracing.sdk.StoredTrace.StoredScore;
import dev.plinth.tracing.sdk.StoredTrace.StoredSpan;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Builds trees of what the store kept of one trace. */
final class TreeBuilder {

    private static final Comparator<TraceNode> BY_START = Comparator.comparing(TraceNode::startedAt);

    private final Snapshot trace;
    private final List<SpanData> spans;
    /** Roots and orphans, in the order of their starts. */
    private final List<TraceNode> roots;

    TreeBuilder(Snapshot trace) {
        this.trace = trace;
        this.spans = trace.spans().stream().map(TreeBuilder::data).toList();
        this.roots = build();
    }

    private static SpanData data(StoredSpan span) {
        return span.ended() == null ? span.live().toSpanData() : span.ended();
    }

    /** A span is started after its parent, so from the last to the first all children are there before their parent. */
    private List<TraceNode> build() {
        Map<String, List<TraceScore>> scores = scores();
        Map<String, List<TraceNode>> waiting = new HashMap<>();
        List<TraceNode> tops = new ArrayList<>();
        for (int i = spans.size() - 1; i >= 0; i--) {
            SpanData span = spans.get(i);
            StoredSpan stored = trace.spans().get(i);
            List<TraceNode> children = waiting.remove(span.getSpanId());
            TraceNode node = new TraceNode(
                    span,
                    duration(stored, span),
                    stored.orphan(),
                    scores.getOrDefault(span.getSpanId(), List.of()),
                    children == null ? List.of() : inOrder(children));
            if (stored.root() || stored.orphan()) {
                tops.add(node);
            } else {
                waiting.computeIfAbsent(span.getParentSpanId(), parent -> new ArrayList<>())
                        .add(node);
            }
        }
        return inOrder(tops);
    }

    /** From the order last started first, which tells two apart that started at the same time. */
    private static List<TraceNode> inOrder(List<TraceNode> nodes) {
        Collections.reverse(nodes);
        nodes.sort(BY_START);
        return nodes;
    }

    private static Duration duration(StoredSpan stored, SpanData span) {
        return Duration.ofNanos(
                span.hasEnded()
                        ? span.getEndEpochNanos() - span.getStartEpochNanos()
                        : stored.live().getLatencyNanos());
    }

    /** The judgements by the id of the span they are of. */
    private Map<String, List<TraceScore>> scores() {
        Map<String, List<TraceScore>> scores = new HashMap<>();
        for (StoredScore stored : trace.scores()) {
            scores.computeIfAbsent(judged(stored).getSpanId(), span -> new ArrayList<>())
                    .add(stored.score());
        }
        return scores;
    }

    /**
     * What names the answer is more exact than the span that was current, unless that has this answer, too; the first span
     * of an interaction is its own.
     */
    private SpanData judged(StoredScore score) {
        Optional<SpanData> current = spans.stream()
                .filter(span -> span.getSpanId().equals(score.spanId()))
                .findFirst();
        String response = score.responseId();
        return current.filter(span ->
                        response != null && response.equals(span.getAttributes().get(GenAi.RESPONSE_ID)))
                .or(() -> first(GenAi.RESPONSE_ID, response))
                .or(() -> current)
                .or(() -> first(PlinthAttributes.INTERACTION_ID, score.interactionId()))
                .orElse(spans.get(0));
    }

    private Optional<SpanData> first(AttributeKey<String> key, @Nullable String id) {
        return id == null
                ? Optional.empty()
                : spans.stream()
                        .filter(span -> id.equals(span.getAttributes().get(key)))
                        .findFirst();
    }

    /** All that is known of the trace. */
    TraceTree whole() {
        List<TraceNode> rootsFirst = Stream.concat(
                        roots.stream().filter(node -> !node.isOrphan()),
                        roots.stream().filter(TraceNode::isOrphan))
                .toList();
        return tree(rootsFirst);
    }

    /** One of the interaction of this id, if it is known. */
    Optional<TraceTree> interaction(String id) {
        List<TraceNode> found = new ArrayList<>();
        TreeWalk.over(roots, (node, depth, last) -> {
            if (isInteraction(node) && id.equals(interactionId(node))) {
                found.add(node);
            }
        });
        if (!found.isEmpty()) {
            return Optional.of(withOrphans(found.get(0)));
        }
        List<TraceNode> strays = roots.stream()
                .filter(node -> node.isOrphan() && id.equals(interactionId(node)))
                .toList();
        return strays.isEmpty() ? Optional.empty() : Optional.of(tree(strays));
    }

    /**
     * One of each outermost interaction and of each call outside of all, the newest first; the whole trace when there is
     * no interaction.
     */
    List<TraceTree> interactions() {
        List<TraceNode> tops = tops(roots);
        if (tops.stream().noneMatch(TreeBuilder::isInteraction)) {
            return List.of(whole());
        }
        List<TraceTree> trees = new ArrayList<>();
        tops.forEach(top -> trees.add(isInteraction(top) ? withOrphans(top) : tree(List.of(top))));
        // An orphan whose interaction is not known is shown all the same: with the first.
        Set<TraceNode> shown = new HashSet<>();
        trees.forEach(tree -> shown.addAll(tree.roots()));
        Stream<TraceNode> strays = roots.stream()
                .filter(node -> node.isOrphan()
                        && !shown.contains(node)
                        && tops(List.of(node)).isEmpty());
        trees.set(0, tree(Stream.concat(trees.get(0).roots().stream(), strays).toList()));
        Collections.reverse(trees);
        return trees;
    }

    private static List<TraceNode> tops(List<TraceNode> roots) {
        List<TraceNode> tops = new ArrayList<>();
        TreeWalk.over(roots, new TreeWalk.Visitor() {
            private final Deque<Part> parts = new ArrayDeque<>();

            @Override
            public void enter(TraceNode node, int depth, boolean last) {
                Part part = node.recorded().part();
                Part around = parts.isEmpty() ? Part.around(node.isOrphan()) : parts.element();
                if (part.isTopIn(around)) {
                    tops.add(node);
                }
                parts.push(part.in(around));
            }

            @Override
            public void leave(TraceNode node) {
                parts.pop();
            }
        });
        tops.sort(BY_START);
        return tops;
    }

    /** The interaction, and the orphans that say they are of it or of one within it. */
    private TraceTree withOrphans(TraceNode interaction) {
        Set<String> ids = idsWithin(interaction);
        Stream<TraceNode> orphans = roots.stream()
                .filter(node -> node.isOrphan() && node != interaction && ids.contains(interactionId(node)));
        return tree(Stream.concat(Stream.of(interaction), orphans).toList());
    }

    private static Set<String> idsWithin(TraceNode top) {
        Set<String> ids = new HashSet<>();
        TreeWalk.over(List.of(top), (node, depth, last) -> {
            String id = interactionId(node);
            if (id != null) {
                ids.add(id);
            }
        });
        return ids;
    }

    private TraceTree tree(List<TraceNode> tops) {
        return new TraceTree(trace.traceId(), tops, trace.droppedSpans());
    }

    private static boolean isInteraction(TraceNode node) {
        return node.kind() == TraceNode.Kind.INTERACTION;
    }

    private static @Nullable String interactionId(TraceNode node) {
        return node.attributes().get(PlinthAttributes.INTERACTION_ID);
    }
}
