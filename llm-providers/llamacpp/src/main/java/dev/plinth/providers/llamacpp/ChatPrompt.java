package dev.plinth.providers.llamacpp;

import dev.plinth.api.chat.Message;
import dev.plinth.api.chat.Part;
import dev.plinth.api.chat.Role;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.chat.ToolResult;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.InvalidRequestException;
import dev.plinth.api.error.UnsupportedCapabilityException;
import dev.plinth.api.model.Capability;
import dev.plinth.api.time.TimeSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Makes a prompt of a conversation by the chat template of the model. What the template leaves out or refuses is an
 * error, and so is a message that holds the tokens by which turns are told apart: it could forge one.
 *
 * <p>Immutable and thread-safe.
 */
final class ChatPrompt {

    private static final Map<Character, String> DATE_PARTS = Map.ofEntries(
            Map.entry('Y', "yyyy"),
            Map.entry('y', "yy"),
            Map.entry('m', "MM"),
            Map.entry('d', "dd"),
            Map.entry('B', "MMMM"),
            Map.entry('b', "MMM"),
            Map.entry('A', "EEEE"),
            Map.entry('a', "EEE"),
            Map.entry('H', "HH"),
            Map.entry('I', "hh"),
            Map.entry('M', "mm"),
            Map.entry('S', "ss"),
            Map.entry('p', "a"),
            Map.entry('j', "DDD"));

    private final String source;
    private final JinjaTemplate template;
    private final SpecialTokens special;
    private final Set<String> turnTokens;
    private final TimeSource time;

    /** @throws IllegalArgumentException if the template cannot be read, or uses what Plinth does not know */
    ChatPrompt(String source, SpecialTokens special, Set<String> controlTokens, TimeSource time) {
        this.source = source;
        this.special = special;
        this.time = time;
        this.turnTokens = controlTokens.stream()
                .filter(token -> source.contains(token) || token.equals(special.begin()) || token.equals(special.end()))
                .collect(Collectors.toSet());
        try {
            this.template = JinjaTemplate.parse(source);
        } catch (JinjaException e) {
            throw unreadable(e);
        }
        try {
            render(List.of(message("user", "text")));
        } catch (JinjaException e) {
            if (!e.isRaised()) {
                throw unreadable(e);
            }
        }
    }

    private static IllegalArgumentException unreadable(JinjaException e) {
        return new IllegalArgumentException("chatTemplate: " + e.what(), e);
    }

    /** The prompt, up to where the answer begins. */
    String of(List<Message> messages, ErrorDetails details) {
        List<Object> turns = new ArrayList<>();
        List<Object> marks = new ArrayList<>();
        for (int i = 0; i < messages.size(); i++) {
            String role = messages.get(i).role().name().toLowerCase(Locale.ROOT);
            turns.add(message(role, text(messages.get(i), i, details)));
            marks.add(message(role, mark(i)));
        }
        try {
            requireAll(messages, render(marks), details);
            String prompt = render(turns);
            boolean doubled = special.addsBegin() && !special.begin().isEmpty() && prompt.startsWith(special.begin());
            return doubled ? prompt.substring(special.begin().length()) : prompt;
        } catch (JinjaException e) {
            throw refused(e, details);
        }
    }

    private String render(List<Object> messages) {
        Map<String, Object> variables = new HashMap<>();
        variables.put("messages", messages);
        variables.put("add_generation_prompt", true);
        variables.put("bos_token", special.begin());
        variables.put("eos_token", special.end());
        variables.put("strftime_now", (JinjaValues.Function)
                (arguments, named) -> date(arguments.isEmpty() ? "" : JinjaValues.string(arguments.get(0))));
        return template.render(variables);
    }

    private static Map<String, Object> message(String role, String content) {
        Map<String, Object> message = new LinkedHashMap<>();
        message.put("role", role);
        message.put("content", content);
        return message;
    }

    private static String mark(int message) {
        return "message" + message + "mark";
    }

    /** Templates take roles that they do not know in silence, and some drop system messages. */
    private static void requireAll(List<Message> messages, String rendered, ErrorDetails details) {
        for (int i = 0; i < messages.size(); i++) {
            if (!rendered.contains(mark(i))) {
                throw new InvalidRequestException(
                        "messages[" + i + "]: " + messages.get(i).role()
                                + " (expected: one that the model's chat template does not leave out)",
                        details,
                        null);
            }
        }
    }

    private String text(Message message, int position, ErrorDetails details) {
        for (Part part : message.parts()) {
            boolean dropped = part instanceof Part.Reasoning && message.role() == Role.ASSISTANT;
            if (!(part instanceof Part.Text) && !dropped) {
                boolean tool = part instanceof ToolCall || part instanceof ToolResult;
                throw new UnsupportedCapabilityException(
                        tool ? Capability.TOOLS.name() : "part-by-role",
                        "messages[" + position + "]: " + part.getClass().getSimpleName() + " (expected: text)",
                        details);
            }
        }
        String text = message.text();
        for (String token : turnTokens) {
            if (text.contains(token)) {
                throw new InvalidRequestException(
                        "messages[" + position + "]: holds " + token
                                + " (expected: text without the tokens by which the model tells turns apart)",
                        details,
                        null);
            }
        }
        return text;
    }

    /** The template's own words are repeated when they stand in it; else they may be made of messages. */
    private RuntimeException refused(JinjaException e, ErrorDetails details) {
        String words = !e.isRaised() ? e.what() : source.contains(e.what()) ? e.what() : "refused";
        String message = "messages: " + words + " (expected: a conversation that the model's chat template takes)";
        return e.isRaised()
                ? new InvalidRequestException(message, details, null)
                : new EngineException(message, details, null);
    }

    /** Python's strftime, in English and UTC. */
    private String date(String format) {
        StringBuilder date = new StringBuilder();
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c != '%' || i + 1 == format.length()) {
                date.append(c);
                continue;
            }
            char part = format.charAt(++i);
            boolean unpadded = part == '-' && i + 1 < format.length();
            String pattern = DATE_PARTS.get(unpadded ? format.charAt(++i) : part);
            if (pattern == null) {
                throw new JinjaException("strftime_now: %" + part + " (expected: a part of a date)");
            }
            date.append(DateTimeFormatter.ofPattern(unpadded ? pattern.substring(1) : pattern, Locale.ENGLISH)
                    .format(time.now().atOffset(ZoneOffset.UTC)));
        }
        return date.toString();
    }
}
