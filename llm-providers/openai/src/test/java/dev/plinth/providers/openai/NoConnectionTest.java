package dev.plinth.providers.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.layer.Pricing;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubServer;
import dev.plinth.api.usage.Attempt;
import dev.plinth.api.usage.Price;
import dev.plinth.api.usage.Price.Rates;
import dev.plinth.api.usage.Usage;
import dev.plinth.providers.route.Deployment;
import dev.plinth.providers.route.Router;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.LocalDate;
import java.util.Currency;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A server that nobody reached has done nothing that could be billed. */
class NoConnectionTest {

    private static final Price PRICE = Price.builder(
                    Rates.of(BigDecimal.valueOf(1_000_000), BigDecimal.ZERO),
                    Currency.getInstance("USD"),
                    LocalDate.EPOCH)
            .build();

    @Test
    void onlyTheServerThatAnsweredIsPaid() throws IOException {
        try (StubServer server = StubServer.start();
                OpenAi closed = OpenAi.builder().baseUrl(closedPort()).build();
                OpenAi live =
                        OpenAi.builder().baseUrl(server.url("/v1").toString()).build()) {
            server.enqueue(StubAnswer.json(Chunks.completion("Hi")));
            Router router = Router.builder()
                    .deployment(Deployment.of("closed", closed.chatModel("m")))
                    .deployment(Deployment.of("live", live.chatModel("m")))
                    .build();
            ChatModel priced =
                    Pricing.by((provider, model) -> Optional.of(PRICE)).around((ChatModel) router);

            ChatResponse response = priced.chat(ChatRequest.of("Hi"));

            assertThat(response.attempts()).extracting(Attempt::usage).containsExactly(Usage.NONE, Usage.of(9, 3));
            assertThat(response.usage().source()).isEqualTo(Usage.Source.REPORTED);
            assertThat(response.usage().input()).hasValue(9);
            assertThat(response.cost().orElseThrow().amount()).isEqualByComparingTo("9");
        }
    }

    private static String closedPort() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return "http://127.0.0.1:" + taken.getLocalPort() + "/v1";
        }
    }
}
