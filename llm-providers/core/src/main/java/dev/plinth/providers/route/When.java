package dev.plinth.providers.route;

import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.Message;
import dev.plinth.api.check.Check;
import dev.plinth.api.model.Capability;
import java.lang.Character.UnicodeScript;
import java.util.function.Predicate;

/** Conditions on requests, for {@link Deployment.Builder#when}; {@code negate} and {@code or} combine them. */
public final class When {

    private When() {}

    /** The context has this tag with this value, such as {@code language} and {@code de}. */
    public static Predicate<ChatRequest> tag(String name, String value) {
        Check.notBlank(name, "name");
        Check.notNull(value, "value");
        return request -> value.equals(request.context().tags().get(name));
    }

    /** The call serves this use case. */
    public static Predicate<ChatRequest> useCase(String useCase) {
        Check.notBlank(useCase, "useCase");
        return request -> request.context().useCase().filter(useCase::equals).isPresent();
    }

    /** The call is made for this team. */
    public static Predicate<ChatRequest> team(String team) {
        Check.notBlank(team, "team");
        return request -> request.context()
                .principal()
                .filter(principal -> principal.team().equals(team))
                .isPresent();
    }

    /** The texts of all messages together are at most this long, in characters; a token of English has about four. */
    public static Predicate<ChatRequest> atMostCharacters(long characters) {
        Check.positive(characters, "characters");
        return request -> characters(request) <= characters;
    }

    /** The request needs this, such as {@link Capability#IMAGE_INPUT}. */
    public static Predicate<ChatRequest> needs(Capability capability) {
        Check.notNull(capability, "capability");
        return request -> request.needs().contains(capability);
    }

    /** Most letters of the last message are of this script, such as Cyrillic or Han. */
    public static Predicate<ChatRequest> writtenIn(UnicodeScript script) {
        Check.notNull(script, "script");
        return request -> {
            String text = request.messages().get(request.messages().size() - 1).text();
            long letters = text.codePoints().filter(Character::isLetter).count();
            long own = text.codePoints()
                    .filter(point -> Character.isLetter(point) && UnicodeScript.of(point) == script)
                    .count();
            return own * 2 > letters;
        };
    }

    /** About how many tokens it has: good enough to compare prices by. */
    static long tokens(ChatRequest request) {
        return characters(request) / 4 + 1;
    }

    private static long characters(ChatRequest request) {
        return request.messages().stream()
                .map(Message::text)
                .mapToLong(String::length)
                .sum();
    }
}
