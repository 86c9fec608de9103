package dev.plinth.providers.route;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.layer.Layer;
import dev.plinth.api.layer.Stage;
import dev.plinth.api.tck.ChatLayerContract;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;

/** A model out of deployments is still a chat model. */
class RoutedModelContractTest {

    private static final ExecutorService THREADS = Executors.newCachedThreadPool();

    @AfterAll
    static void close() {
        THREADS.shutdown();
    }

    private static Layer routing(Router.Builder router) {
        return new Layer() {
            @Override
            public Stage stage() {
                return Stage.ROUTE;
            }

            @Override
            public ChatModel around(ChatModel next) {
                return router.deployment(Deployment.of("a", next))
                        .deployment(Deployment.of("b", next))
                        .build();
            }
        };
    }

    @Nested
    class PlainTest extends ChatLayerContract {
        @Override
        protected Layer layer() {
            return routing(Router.builder());
        }
    }

    @Nested
    class HedgedTest extends ChatLayerContract {
        @Override
        protected Layer layer() {
            return routing(Router.builder()
                    .hedging(Hedging.on(THREADS).after(Duration.ofMillis(1)).budget(1, 1000)));
        }
    }
}
