package dev.plinth.api.chat;

import dev.plinth.api.check.Check;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A piece of a message. Vendors add kinds every month: write a default branch for {@link Other} and for kinds to come.
 *
 * <p>All parts are immutable and thread-safe.
 */
public sealed interface Part
        permits Part.Text,
                Part.Image,
                Part.Audio,
                Part.File,
                Part.Reasoning,
                ToolCall,
                ToolResult,
                Part.CachePoint,
                Part.Other {

    /**
     * Text.
     *
     * @param text may be empty
     * @param origin where the text was found, such as the id of a retrieved chunk, if it is data that nobody in the
     *     conversation wrote: guardrails look there for hidden instructions; models are not told. Null: the words are
     *     the speaker's own
     */
    record Text(String text, @Nullable String origin) implements Part {
        public Text {
            Check.notNull(text, "text");
            Check.that(origin == null || !origin.isBlank(), "origin", origin, "a name, or null");
        }

        /** The speaker's own words. */
        public Text(String text) {
            this(text, null);
        }
    }

    /**
     * A picture.
     *
     * @param media its bytes or address
     * @param detail how closely to look, in the vendor's words, such as {@code low}; null: as the vendor likes
     */
    record Image(Media media, @Nullable String detail) implements Part {
        public Image {
            Check.notNull(media, "media");
        }

        /** A picture, looked at as the vendor likes. */
        public Image(Media media) {
            this(media, null);
        }
    }

    /**
     * Sound.
     *
     * @param media its bytes or address
     */
    record Audio(Media media) implements Part {
        public Audio {
            Check.notNull(media, "media");
        }
    }

    /**
     * A document, such as a PDF.
     *
     * @param media its bytes or address
     * @param name shown to the model; null: none
     */
    record File(Media media, @Nullable String name) implements Part {
        public File {
            Check.notNull(media, "media");
        }
    }

    /**
     * What the model thought before it answered, or, without text, the vendor's proof for the part that follows. Some
     * protocols demand it back unchanged with the next request; an adapter of another protocol leaves it out, since no
     * other vendor can read it.
     *
     * @param text may be empty when the vendor hides it
     * @param signature the vendor's proof or encrypted form, sent back as it is; null: none
     * @param protocol whose signature that is, such as {@code anthropic}; null exactly when there is none
     */
    record Reasoning(
            String text,
            @Nullable String signature,
            @Nullable String protocol) implements Part {
        public Reasoning {
            Check.notNull(text, "text");
            Check.that(
                    (signature == null) == (protocol == null), "protocol", protocol, "a name exactly with a signature");
        }

        /** A thought that nobody signed. */
        public Reasoning(String text) {
            this(text, null, null);
        }
    }

    /**
     * A hint to the vendor: what stands before this will come again, so its prompt cache shall keep it. Vendors that
     * cache by themselves, or not at all, pass it over.
     *
     * @param keep for how long, of the spans the vendor offers; null: as the vendor likes
     */
    record CachePoint(@Nullable Duration keep) implements Part {
        public CachePoint {
            Check.that(keep == null || keep.compareTo(Duration.ZERO) > 0, "keep", keep, "positive, or null");
        }

        /** Keep it as long as the vendor likes. */
        public CachePoint() {
            this(null);
        }
    }

    /**
     * A kind only one protocol has, as JSON in its own words. Adapters of other protocols refuse it.
     *
     * @param protocol whose words these are, such as {@code anthropic}
     * @param type the vendor's name of the kind
     * @param json the part as it came, or shall go
     */
    record Other(String protocol, String type, String json) implements Part {
        public Other {
            Check.notBlank(protocol, "protocol");
            Check.notNull(type, "type");
            Check.notNull(json, "json");
        }
    }
}
