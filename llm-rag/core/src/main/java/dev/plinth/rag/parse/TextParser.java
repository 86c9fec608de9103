package dev.plinth.rag.parse;

import dev.plinth.api.check.Check;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.StoreException;
import dev.plinth.api.retrieval.Metadata;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads files that are text already: UTF-8, or UTF-16 with its mark. A mark at the start is left out.
 *
 * <p>A plain text's title is its file name without the ending; Markdown has its own headings.
 *
 * <p>Immutable and thread-safe.
 */
public final class TextParser implements DocumentParser {
    private static final Set<String> MARKDOWN = Set.of("md", "markdown", "mdx");
    private static final char MARK = '\uFEFF';

    private final Set<String> extensions;

    private TextParser(Set<String> extensions) {
        this.extensions = extensions;
    }

    /** Reads files ending in .md, .markdown and .txt. */
    public static TextParser create() {
        return new TextParser(Set.of("md", "markdown", "txt"));
    }

    /** The same for files of these endings, without the dot, instead. */
    public TextParser extensions(String... extensions) {
        Set<String> chosen = new TreeSet<>();
        for (String extension : extensions) {
            chosen.add(Check.notBlank(extension, "extensions").toLowerCase(Locale.ROOT));
        }
        return new TextParser(Check.notEmpty(chosen, "extensions"));
    }

    @Override
    public boolean accepts(String name, @Nullable String mediaType) {
        String extension = FileNames.extension(name);
        boolean saysText =
                mediaType != null && (mediaType.startsWith("text/plain") || mediaType.startsWith("text/markdown"));
        return extensions.contains(extension) || extension.isEmpty() && saysText;
    }

    @Override
    public Parsed parse(String name, @Nullable String mediaType, byte[] content) {
        try {
            String text = decode(content);
            if (text.indexOf('\0') >= 0) {
                throw new StoreException("file: " + name + " is binary (expected: text)");
            }
            String title = MARKDOWN.contains(FileNames.extension(name)) ? "" : FileNames.stem(name);
            return new Parsed(title, text, List.of(), Metadata.NONE);
        } catch (CharacterCodingException exception) {
            throw new StoreException(
                    "file: " + name + " is no text (expected: UTF-8, or UTF-16 with its mark)",
                    ErrorDetails.NONE,
                    exception);
        }
    }

    @Override
    public String fingerprint() {
        return "text-1/" + String.join(",", new TreeSet<>(extensions));
    }

    private static String decode(byte[] content) throws CharacterCodingException {
        String text =
                charset(content).newDecoder().decode(ByteBuffer.wrap(content)).toString();
        return !text.isEmpty() && text.charAt(0) == MARK ? text.substring(1) : text;
    }

    private static Charset charset(byte[] content) {
        if (content.length >= 2 && content[0] == (byte) 0xFE && content[1] == (byte) 0xFF) {
            return StandardCharsets.UTF_16BE;
        }
        boolean little = content.length >= 2 && content[0] == (byte) 0xFF && content[1] == (byte) 0xFE;
        return little ? StandardCharsets.UTF_16LE : StandardCharsets.UTF_8;
    }
}
