package dev.plinth.cache;

import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.Part;
import dev.plinth.api.chat.ToolCall;

/** About how much memory an answer takes. */
final class ResponseSize {

    /** The objects around the texts: key, entry, response, message, usage. */
    private static final long FRAME = 600;

    private static final long PART = 64;

    private ResponseSize() {}

    static int bytes(ChatResponse response) {
        long bytes = FRAME + 2L * response.raw().map(String::length).orElse(0);
        bytes += PART * (response.citations().size() + 2L * response.logprobs().size());
        for (Part part : response.message().parts()) {
            bytes += PART + 2L * characters(part);
        }
        return (int) Math.min(Integer.MAX_VALUE, bytes);
    }

    private static long characters(Part part) {
        if (part instanceof Part.Text text) {
            return text.text().length();
        }
        if (part instanceof Part.Reasoning reasoning) {
            String signature = reasoning.signature();
            return reasoning.text().length() + (signature == null ? 0L : signature.length());
        }
        if (part instanceof ToolCall call) {
            return call.name().length() + (long) call.arguments().length();
        }
        if (part instanceof Part.Image image) {
            return image.media().bytes().map(bytes -> bytes.length / 2).orElse(0);
        }
        if (part instanceof Part.Audio audio) {
            return audio.media().bytes().map(bytes -> bytes.length / 2).orElse(0);
        }
        return part instanceof Part.Other other ? other.json().length() : 0;
    }
}
