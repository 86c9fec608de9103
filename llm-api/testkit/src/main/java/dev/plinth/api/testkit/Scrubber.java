package dev.plinth.api.testkit;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Replaces, in texts and in bodies, what shall not stand in a recording. Immutable. */
final class Scrubber {
    record Rule(Pattern pattern, Function<? super MatchResult, String> replacement) {}

    private final List<Rule> rules;

    Scrubber(List<Rule> rules) {
        this.rules = List.copyOf(rules);
    }

    String scrub(String text) {
        String scrubbed = text;
        for (Rule rule : rules) {
            StringBuilder out = new StringBuilder();
            Matcher matcher = rule.pattern.matcher(scrubbed);
            while (matcher.find()) {
                matcher.appendReplacement(
                        out, Matcher.quoteReplacement(rule.replacement.apply(matcher.toMatchResult())));
            }
            scrubbed = matcher.appendTail(out).toString();
        }
        return scrubbed;
    }

    byte[] scrub(byte[] body) {
        return scrub(List.of(body)).get(0);
    }

    /**
     * Scrubs a body that came in pieces as one text, since a secret may lie across two of them. As many pieces come
     * back; a replacement belongs to the piece in which the secret began.
     */
    List<byte[]> scrub(List<byte[]> pieces) {
        List<byte[]> scrubbed = pieces;
        for (Rule rule : rules) {
            scrubbed = apply(rule, scrubbed);
        }
        return scrubbed;
    }

    private static List<byte[]> apply(Rule rule, List<byte[]> pieces) {
        byte[] whole = join(pieces);
        Charset charset = RecordedBody.decode(whole).isPresent() ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1;
        String text = new String(whole, charset);
        Matcher matcher = rule.pattern.matcher(text);
        Cutter cutter = new Cutter(pieces);
        int end = 0;
        while (matcher.find()) {
            cutter.keep(text.substring(end, matcher.start()).getBytes(charset));
            cutter.replace(
                    matcher.group().getBytes(charset).length,
                    rule.replacement.apply(matcher.toMatchResult()).getBytes(charset));
            end = matcher.end();
        }
        cutter.keep(text.substring(end).getBytes(charset));
        return cutter.pieces();
    }

    private static byte[] join(List<byte[]> pieces) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        pieces.forEach(whole::writeBytes);
        return whole.toByteArray();
    }

    /** Cuts the new bytes where the old ones were cut. */
    private static final class Cutter {
        private final List<byte[]> old;
        private final List<ByteArrayOutputStream> cut = new ArrayList<>();
        private int piece;
        private int left;

        Cutter(List<byte[]> old) {
            this.old = old;
            old.forEach(each -> cut.add(new ByteArrayOutputStream()));
            left = old.isEmpty() ? 0 : old.get(0).length;
        }

        void keep(byte[] bytes) {
            for (int start = 0; start < bytes.length; ) {
                skipEnded();
                int length = Math.min(bytes.length - start, left);
                cut.get(piece).write(bytes, start, length);
                start += length;
                left -= length;
            }
        }

        void replace(int length, byte[] replacement) {
            if (old.isEmpty()) {
                return;
            }
            skipEnded();
            cut.get(piece).writeBytes(replacement);
            for (int rest = length; rest > 0; ) {
                skipEnded();
                int gone = Math.min(rest, left);
                rest -= gone;
                left -= gone;
            }
        }

        private void skipEnded() {
            while (left == 0 && piece < old.size() - 1) {
                left = old.get(++piece).length;
            }
        }

        List<byte[]> pieces() {
            return cut.stream().map(ByteArrayOutputStream::toByteArray).toList();
        }
    }
}
