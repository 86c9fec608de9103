package dev.plinth.samples.coroutines

import dev.plinth.api.chat.ChatModel
import dev.plinth.api.chat.ChatRequest
import dev.plinth.api.chat.ChatStream
import dev.plinth.api.chat.StreamEvent
import dev.plinth.api.context.CallContext
import dev.plinth.api.context.Scope
import dev.plinth.api.error.CancelledException
import kotlin.coroutines.CoroutineContext
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ThreadContextElement
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.flowOn
import kotlinx.coroutines.runInterruptible

// snippet: coroutines-element
/** Makes the context of calls current on whichever thread a coroutine runs. */
class CallContextElement(
    private val callContext: CallContext = CallContext.current().captured(),
) : ThreadContextElement<Scope> {
    companion object Key : CoroutineContext.Key<CallContextElement>

    override val key = Key

    override fun updateThreadContext(context: CoroutineContext): Scope = callContext.makeCurrent()

    override fun restoreThreadContext(context: CoroutineContext, oldState: Scope) = oldState.close()
}
// end

// snippet: coroutines-flow
/** A streamed answer. Who stops collecting closes it, who is cancelled while it waits interrupts it. */
fun ChatModel.flow(request: ChatRequest): Flow<StreamEvent> = flow {
    var opened: ChatStream? = null
    try {
        runInterruptible { opened = stream(request) } // a result is lost if it is cancelled meanwhile
        val events = opened!!.iterator()
        while (runInterruptible { events.hasNext() }) {
            emit(events.next())
        }
    } catch (interrupted: CancelledException) {
        currentCoroutineContext().ensureActive() // if it is cancelled, that is what ends it
        throw interrupted
    } finally {
        opened?.close()
    }
}.flowOn(Dispatchers.IO)
// end
