package dev.plinth.samples.agent;

import com.openai.client.OpenAIClient;
import com.openai.errors.OpenAIException;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.completions.CompletionUsage;
import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.chat.FinishReason;
import dev.plinth.api.chat.Message;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.TransportException;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.usage.Usage;
import java.net.URI;
import java.util.Set;

/** A model over OpenAI's own SDK, as an application may have one already: for plain texts, whole answers. */
final class SdkChatModel implements ChatModel {

    private final OpenAIClient client;
    private final ModelInfo info;

    SdkChatModel(OpenAIClient client, String model, URI server) {
        this.client = client;
        this.info = new ModelInfo("openai", model, Set.of(), server);
    }

    @Override
    public ChatResponse chat(ChatRequest request) {
        request.requireSupport(info);
        ChatCompletionCreateParams.Builder params =
                ChatCompletionCreateParams.builder().model(info.model());
        for (Message message : request.messages()) {
            switch (message.role()) {
                case SYSTEM -> params.addSystemMessage(message.text());
                case ASSISTANT -> params.addAssistantMessage(message.text());
                default -> params.addUserMessage(message.text());
            }
        }
        try {
            return response(client.chat().completions().create(params.build()));
        } catch (OpenAIException failure) {
            ErrorDetails details = ErrorDetails.builder()
                    .provider("openai")
                    .model(info.model())
                    .build();
            throw new TransportException("call: failed (expected: an answer)", details, failure);
        }
    }

    private static ChatResponse response(ChatCompletion completion) {
        String text = completion.choices().get(0).message().content().orElse("");
        return ChatResponse.of(text).toBuilder()
                .id(completion.id())
                .model(completion.model())
                .finishReason(FinishReason.STOP)
                .usage(completion.usage().map(SdkChatModel::usage).orElse(Usage.UNKNOWN))
                .build();
    }

    private static Usage usage(CompletionUsage usage) {
        return Usage.builder()
                .input(usage.promptTokens())
                .output(usage.completionTokens())
                .build();
    }

    @Override
    public ChatStream stream(ChatRequest request) {
        return ChatStream.replay(chat(request));
    }

    @Override
    public ModelInfo info() {
        return info;
    }
}
