package dev.plinth.providers.openai;

import dev.plinth.api.batch.Batch;
import dev.plinth.api.batch.BatchResults;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.providers.Endpoint;
import dev.plinth.providers.HttpBody;
import dev.plinth.providers.HttpCall;
import dev.plinth.providers.Percent;
import dev.plinth.providers.ProviderAnswer;
import dev.plinth.providers.batch.BatchCall;
import dev.plinth.providers.batch.BatchReader;
import dev.plinth.providers.batch.HttpChatBatches;
import dev.plinth.providers.wire.AnswerReader;
import dev.plinth.providers.wire.ChatProtocol;
import dev.plinth.providers.wire.Json;
import dev.plinth.providers.wire.JsonBody;
import java.net.URI;
import java.util.List;
import java.util.function.Supplier;

/** OpenAI's batches: the requests are a file that is uploaded first, the results are files of the server. */
final class FileBatches extends HttpChatBatches {

    private static final int MOST_REQUESTS = 50_000;

    private final Paths paths;
    private final String path;
    private final ChatProtocol protocol;
    private final Supplier<AnswerReader> answers;

    /**
     * Batches of calls to one path.
     *
     * @param path of a single call, such as {@code /chat/completions}
     * @param answers readers of whole answers
     */
    FileBatches(
            Endpoint endpoint,
            ModelInfo info,
            Paths paths,
            String path,
            ChatProtocol protocol,
            Supplier<AnswerReader> answers) {
        super(endpoint, info, MOST_REQUESTS);
        this.paths = paths;
        this.path = path;
        this.protocol = protocol;
        this.answers = answers;
    }

    @Override
    protected URI url(String below) {
        return address("/batches" + below);
    }

    private URI address(String path) {
        return URI.create(endpoint().baseUrl() + paths.of(path));
    }

    @Override
    protected Batch submitCalls(List<BatchCall> calls) {
        String url = paths.batched() + path;
        String file = upload(BatchFiles.upload(calls, url, protocol));
        try {
            return ask(HttpCall.post(url(""), HttpBody.json(Json.FACTORY, json -> {
                json.writeStartObject();
                json.writeStringField("input_file_id", file);
                json.writeStringField("endpoint", url);
                json.writeStringField("completion_window", "24h");
                json.writeEndObject();
            })));
        } catch (LlmException refused) {
            if (isRefusal(refused)) {
                deleteAfter(refused, file);
            }
            throw refused;
        }
    }

    /** Anything else leaves open whether the batch was made, which would need its file. */
    private static boolean isRefusal(LlmException failure) {
        int status = failure.details().httpStatus().orElse(0);
        return status >= 400 && status < 500;
    }

    private void deleteAfter(LlmException failure, String file) {
        try {
            deleteFile(file);
        } catch (LlmException stays) {
            failure.addSuppressed(stays);
        }
    }

    private String upload(HttpBody form) {
        try (ProviderAnswer answer = send(HttpCall.post(address("/files"), form))) {
            return JsonBody.text(answer, "id");
        }
    }

    @Override
    protected BatchReader reader() {
        return new FileBatch();
    }

    @Override
    public BatchResults results(String id) {
        FileBatch batch = find(id, new FileBatch());
        requireEnded(batch.toBatch());
        return new FileBatchResults(batch, this::content, answers, endpoint().details(info().model()));
    }

    private ProviderAnswer content(String file) {
        return send(HttpCall.get(address(pathOf(file) + "/content")).unhurried());
    }

    /** The server keeps its own record of the batch, without what was asked and answered. */
    @Override
    public void delete(String id) {
        FileBatch batch = find(id, new FileBatch());
        requireOver(batch.toBatch());
        batch.results().forEach(this::deleteFile);
        batch.requests().ifPresent(this::deleteFile);
    }

    private void deleteFile(String file) {
        delete(address(pathOf(file)));
    }

    private static String pathOf(String file) {
        return "/files/" + Percent.encode(file);
    }
}
