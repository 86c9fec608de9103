package dev.plinth.api.chat;

import dev.plinth.api.check.Check;
import org.jspecify.annotations.Nullable;

/**
 * A piece of a message. Vendors add kinds every month: write a default branch for {@link Other} and for kinds to come.
 *
 * <p>All parts are immutable and thread-safe.
 */
public sealed interface Part
        permits Part.Text, Part.Image, Part.Audio, Part.File, Part.Reasoning, ToolCall, ToolResult, Part.Other {

    /**
     * Text.
     *
     * @param text may be empty
     */
    record Text(String text) implements Part {
        public Text {
            Check.notNull(text, "text");
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
     * What the model thought before it answered. Some protocols demand it back unchanged with the next request.
     *
     * @param text may be empty when the vendor hides it
     * @param signature the vendor's proof or encrypted form, sent back as it is; null: none
     */
    record Reasoning(String text, @Nullable String signature) implements Part {
        public Reasoning {
            Check.notNull(text, "text");
        }
    }

    /**
     * A kind this version does not know.
     *
     * @param type the vendor's name of the kind
     * @param json the part as it came
     */
    record Other(String type, String json) implements Part {
        public Other {
            Check.notNull(type, "type");
            Check.notNull(json, "json");
        }
    }
}
