package dev.plinth.samples.coroutines

import dev.plinth.api.chat.AbstractChatStream
import dev.plinth.api.chat.ChatModel
import dev.plinth.api.chat.ChatRequest
import dev.plinth.api.chat.StreamEvent
import dev.plinth.api.context.CallContext
import dev.plinth.api.context.Interaction
import dev.plinth.api.testkit.Reply
import dev.plinth.api.testkit.ScriptedChatModel
import dev.plinth.tracing.PlinthAttributes
import dev.plinth.tracing.Tracing
import io.opentelemetry.sdk.OpenTelemetrySdk
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter
import io.opentelemetry.sdk.trace.SdkTracerProvider
import io.opentelemetry.sdk.trace.data.SpanData
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor
import java.util.concurrent.CountDownLatch
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.onEach
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext
import kotlinx.coroutines.yield
import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.RepeatedTest
import org.junit.jupiter.api.Test

class CallContextsTest {
    private val exporter = InMemorySpanExporter.create()
    private val openTelemetry = OpenTelemetrySdk.builder()
        .setTracerProvider(
            SdkTracerProvider.builder().addSpanProcessor(SimpleSpanProcessor.create(exporter)).build(),
        )
        .build()
    private val hi = ChatRequest.of("Hi")

    private fun traced(reply: Reply) = Tracing.of(openTelemetry)
        .layer()
        .around(ScriptedChatModel.builder().otherwise { reply }.build())

    private fun spans(name: String): List<SpanData> = exporter.finishedSpanItems.filter { it.name == name }

    @AfterEach
    fun nothingIsLeft() {
        assertThat(CallContext.current()).isSameAs(CallContext.EMPTY)
        openTelemetry.close()
    }

    private fun ask(work: suspend () -> Unit) = Interaction.start("ask", CallContext.EMPTY).use { interaction ->
        runBlocking(CallContextElement(interaction.context())) { work() }
    }

    private fun assertOneTree(calls: Int) {
        val root = spans("ask").single()
        val chats = spans("chat scripted")
        assertThat(chats).hasSize(calls)
        assertThat(chats).allMatch { it.traceId == root.traceId && it.parentSpanId == root.spanId }
    }

    @Test
    fun callsOfOneInteractionAreOneTreeOnAllDispatchers() {
        val model = traced(Reply.text("a b c").cut("a ", "b ", "c"))
        ask {
            withContext(Dispatchers.Default) {
                List(10) {
                    async {
                        yield()
                        model.chat(hi)
                    }
                }.awaitAll()
            }
            withContext(Dispatchers.IO) {
                delay(1)
                model.chat(hi)
            }
            assertThat(model.flow(hi).onEach { yield() }.toList()).hasSize(4)
        }
        assertOneTree(12)
    }

    @Test
    fun interactionsSideBySideDoNotMix() {
        val model = traced(Reply.text("ok"))
        runBlocking(Dispatchers.Default) {
            repeat(20) { session ->
                launch(CallContextElement(CallContext.builder().session("s$session").build())) {
                    repeat(5) {
                        yield()
                        assertThat(CallContext.current().session()).contains("s$session")
                        model.chat(hi)
                    }
                }
            }
        }
        assertThat(spans("chat scripted")).hasSize(100)
    }

    @Test
    fun whoStopsCollectingClosesTheStream() {
        val model = traced(Reply.text("a b").cut("a ", "b"))
        ask {
            assertThat(model.flow(hi).first()).isEqualTo(StreamEvent.TextDelta("a "))
        }
        assertOneTree(1)
    }

    @RepeatedTest(50)
    fun whoIsCancelledWhileItWaitsInterruptsTheStream() {
        val model = traced(Reply.text("a b").cut("a ", "b").stallingAfter(1))
        ask {
            val first = Channel<StreamEvent>(1)
            withContext(Dispatchers.Default) {
                val reader = launch(start = CoroutineStart.UNDISPATCHED) {
                    model.flow(hi).collect { first.send(it) }
                }
                first.receive()
                reader.cancelAndJoin()
            }
        }
        assertOneTree(1)
        assertThat(spans("chat scripted").single().attributes.get(PlinthAttributes.CANCELLED)).isTrue()
    }

    @Test
    fun whoIsCancelledWhileTheStreamIsOpenedClosesIt() {
        val opening = CountDownLatch(1)
        val cancelled = CountDownLatch(1)
        val closed = CountDownLatch(1)
        val deaf = object : ChatModel by ScriptedChatModel.of("ok") {
            override fun stream(request: ChatRequest) = object : AbstractChatStream() {
                init {
                    opening.countDown()
                    awaitDeaf(cancelled)
                }

                override fun advance() = StreamEvent.TextDelta("a")

                override fun release() = closed.countDown()

                override fun remove() = throw UnsupportedOperationException()
            }
        }
        runBlocking {
            val reader = launch(Dispatchers.Default) { deaf.flow(hi).collect { } }
            withContext(Dispatchers.IO) { opening.await() }
            reader.cancel()
            cancelled.countDown()
            reader.join()
        }
        assertThat(closed.count).isZero()
    }

    /** Waits on when it is interrupted. */
    private fun awaitDeaf(latch: CountDownLatch) {
        while (true) {
            try {
                return latch.await()
            } catch (_: InterruptedException) {
                continue
            }
        }
    }
}
