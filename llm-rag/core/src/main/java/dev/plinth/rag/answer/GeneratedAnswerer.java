package dev.plinth.rag.answer;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.check.Check;
import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.retrieval.Match;
import dev.plinth.api.retrieval.Retrieval;
import dev.plinth.api.retrieval.RetrievalRequest;
import dev.plinth.api.retrieval.Retriever;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Lets a chat model write the answer from numbered sources and resolves the numbers it cites. The found text is marked
 * as data in the prompt; that lowers the risk of instructions hidden in documents, it does not remove it.
 *
 * <p>There are no grounds when nothing is found, when the evidence is too weak ({@link #requireGrounds}; the model is
 * not asked then), or when the model says that the sources hold no answer. A model that writes nothing, since it refuses,
 * is filtered or has no tokens left, gives an answer of that kind too, whose reason names the finish.
 *
 * <p>Immutable and thread-safe if its parts are. Errors are those of the retriever and the models.
 */
public final class GeneratedAnswerer implements Answerer {
    private final Retriever retriever;
    private final ChatModel model;
    private final @Nullable EmbeddingModel embedding;
    private final Grounds grounds;

    private GeneratedAnswerer(
            Retriever retriever, ChatModel model, @Nullable EmbeddingModel embedding, Grounds grounds) {
        this.retriever = retriever;
        this.model = model;
        this.embedding = embedding;
        this.grounds = grounds;
    }

    /** An answerer that leaves it to the model to say whether the sources hold an answer. */
    public static GeneratedAnswerer over(Retriever retriever, ChatModel model) {
        Check.notNull(retriever, "retriever");
        return new GeneratedAnswerer(retriever, Check.notNull(model, "model"), null, Grounds.forModel(""));
    }

    /** The same, asking the model only when the found text has the grounds measured for this embedding model. */
    public GeneratedAnswerer requireGrounds(EmbeddingModel embedding) {
        return requireGrounds(embedding, Grounds.forModel(embedding.info().model()));
    }

    /** The same, asking the model only when the found text has these grounds. */
    public GeneratedAnswerer requireGrounds(EmbeddingModel embedding, Grounds grounds) {
        return new GeneratedAnswerer(
                retriever, model, Check.notNull(embedding, "embedding"), Check.notNull(grounds, "grounds"));
    }

    @Override
    public Answer answer(RetrievalRequest request) {
        Prepared prepared = prepare(request);
        if (prepared.matches().isEmpty()) {
            return Answer.noGrounds(prepared.reason(), prepared.evidence(), Optional.empty());
        }
        return read(model.chat(CitedPrompt.of(request, prepared.matches())), prepared);
    }

    /** The answer as it comes. Close the stream, or read it to its end. */
    public AnswerStream stream(RetrievalRequest request) {
        Prepared prepared = prepare(request);
        if (prepared.matches().isEmpty()) {
            return new AnswerStream(Answer.noGrounds(prepared.reason(), prepared.evidence(), Optional.empty()));
        }
        return new AnswerStream(
                model.stream(CitedPrompt.of(request, prepared.matches())), response -> read(response, prepared));
    }

    /** What the prompt is made of: no matches means no grounds. */
    private record Prepared(List<Match> matches, String reason, Optional<Evidence> evidence) {}

    private Prepared prepare(RetrievalRequest request) {
        Retrieval retrieval = retriever.retrieve(request);
        if (retrieval.matches().isEmpty()) {
            return new Prepared(List.of(), "nothing was found", Optional.empty());
        }
        if (embedding == null) {
            return new Prepared(retrieval.matches(), "left to the model", Optional.empty());
        }
        Findings findings = Findings.of(retrieval, request, embedding);
        List<Match> matches = findings.carry(grounds) ? retrieval.matches() : List.of();
        return new Prepared(matches, findings.describe(grounds), Optional.of(findings.evidence()));
    }

    private static Answer read(ChatResponse response, Prepared prepared) {
        String text = response.text().strip();
        if (text.isEmpty()) {
            return Answer.unwritten(prepared.evidence(), response);
        }
        if (text.startsWith(CitedPrompt.NO_ANSWER)) {
            return Answer.noGrounds(
                    "the model found no answer in the sources", prepared.evidence(), Optional.of(response));
        }
        CitationReader reader = CitationReader.read(text, prepared.matches());
        return Answer.generated(reader, prepared.reason(), prepared.evidence(), response);
    }
}
