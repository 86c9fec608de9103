package dev.plinth.providers.bedrock;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.plinth.api.error.AuthenticationException;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.providers.Secret;
import dev.plinth.providers.wire.Json;
import java.io.IOException;
import java.io.StringReader;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/**
 * An answer that hands out a key. STS writes XML or JSON, the others JSON, each with its own nesting; the names at the
 * leaves are the same, so only these are kept. Of an answer that is broken, what came before that.
 */
final class CredentialAnswer {

    private final Map<String, String> leaves = new HashMap<>();

    private CredentialAnswer() {}

    static CredentialAnswer read(String text) {
        CredentialAnswer answer = new CredentialAnswer();
        try {
            if (text.stripLeading().startsWith("<")) {
                answer.readXml(text);
            } else {
                answer.readJson(text);
            }
        } catch (IOException | XMLStreamException broken) {
            answer.leaves.remove("SecretAccessKey"); // half an answer is no key
        }
        return answer;
    }

    private void readJson(String text) throws IOException {
        try (JsonParser json = Json.FACTORY.createParser(text)) {
            for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                if (token.isScalarValue() && token != JsonToken.VALUE_NULL && json.currentName() != null) {
                    leaves.putIfAbsent(json.currentName(), json.getText());
                }
            }
        }
    }

    private void readXml(String text) throws XMLStreamException {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, true);
        XMLStreamReader xml = factory.createXMLStreamReader(new StringReader(text));
        String name = "";
        while (xml.hasNext()) {
            int event = xml.next();
            if (event == XMLStreamConstants.START_ELEMENT) {
                name = xml.getLocalName();
            } else if (event == XMLStreamConstants.CHARACTERS && !xml.getText().isBlank()) {
                leaves.putIfAbsent(name, xml.getText().strip());
            }
        }
    }

    /** A leaf, such as {@code Code} or {@code Message}. */
    Optional<String> get(String name) {
        return Optional.ofNullable(leaves.get(name));
    }

    /**
     * The key.
     *
     * @param where it comes from, for errors
     * @throws AuthenticationException if there is none
     */
    AwsCredentials credentials(String where) {
        String id = leaves.get("AccessKeyId");
        String secret = leaves.get("SecretAccessKey");
        String token = leaves.getOrDefault("SessionToken", leaves.getOrDefault("Token", ""));
        try {
            if (id != null && secret != null) {
                return new AwsCredentials(
                        id, Secret.of(secret), token.isBlank() ? null : Secret.of(token), expiration());
            }
        } catch (IllegalArgumentException | DateTimeException broken) {
            throw refused(where + ": " + broken.getMessage() + " (expected: a key)");
        }
        String code = get("Code")
                .map(said -> said + ": " + get("Message").orElse("no reason"))
                .orElse("no key");
        throw refused(where + ": " + code + " (expected: AccessKeyId and SecretAccessKey)");
    }

    /** A time, or, in the JSON of STS, seconds since 1970. */
    private @Nullable Instant expiration() {
        String text = get("Expiration").orElse("");
        if (text.isEmpty()) {
            return null;
        }
        boolean seconds = text.indexOf(':') < 0;
        return seconds
                ? Instant.ofEpochSecond((long) Double.parseDouble(text))
                : OffsetDateTime.parse(text).toInstant();
    }

    private static AuthenticationException refused(String message) {
        return new AuthenticationException(message, ErrorDetails.NONE, null);
    }
}
