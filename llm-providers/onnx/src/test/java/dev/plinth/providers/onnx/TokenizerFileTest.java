package dev.plinth.providers.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TokenizerFileTest {

    private static final String FILE = """
            {"normalizer": {"type": "BertNormalizer", "clean_text": true, "lowercase": %s},
             "pre_tokenizer": {"type": "BertPreTokenizer"},
             "post_processor": {"type": "BertProcessing", "sep": ["[SEP]", 2], "cls": ["[CLS]", 1]},
             "added_tokens": [{"id": 3, "content": "[MASK]"}, {"id": 9, "content": "[MASK][MASK]"}],
             "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
               "max_input_chars_per_word": 5,
               "vocab": {"[UNK]": 0, "[CLS]": 1, "[SEP]": 2, "[MASK]": 3, "a": 4, "##b": 5, "A": 6, "!": 7, "ä": 8}}}
            """;

    @Test
    void readsMarksVocabularyAndFlags() {
        Tokenizer uncased = read(FILE.formatted("true"));
        assertThat(uncased.encode("Ab ä!")).containsExactly(1, 4, 5, 4, 7, 2);
        Tokenizer cased = read(FILE.formatted("false"));
        assertThat(cased.encode("Ab ä!")).containsExactly(1, 6, 5, 8, 7, 2);
    }

    @Test
    void aWordThatIsTooLongOrHasNoPiecesIsUnknownAsAWhole() {
        Tokenizer tokenizer = read(FILE.formatted("true"));
        assertThat(tokenizer.encode("abbbb abbbbb abx")).containsExactly(1, 4, 5, 5, 5, 5, 0, 0, 2);
    }

    @Test
    void anEmptyTextIsTheTwoMarks() {
        assertThat(read(FILE.formatted("true")).encode("")).containsExactly(1, 2);
    }

    @Test
    void aSpelledTokenIsThatTokenAndTheLongestWins() {
        Tokenizer tokenizer = read(FILE.formatted("true"));
        assertThat(tokenizer.encode("a[MASK]a [MASK][MASK]")).containsExactly(1, 4, 3, 4, 9, 2);
    }

    @Test
    void refusesAnotherFamilyByName() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read(FILE.formatted("true").replace("\"WordPiece\"", "\"Unigram\"")))
                .withMessage("test.json model: Unigram (expected: WordPiece; for a model outside the BERT WordPiece"
                        + " family hand in a Tokenizer of your own)");
    }

    @Test
    void refusesWhatIsNoTokenizerFile() {
        assertThatIllegalArgumentException().isThrownBy(() -> read("[]")).withMessageStartingWith("test.json: ");
        assertThatIllegalArgumentException().isThrownBy(() -> read("{\"a\"")).withMessageStartingWith("test.json: ");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read("{}"))
                .withMessageStartingWith("test.json model: null (expected: WordPiece; ");
    }

    private static Tokenizer read(String json) {
        return TokenizerFile.read("test.json", json.getBytes(StandardCharsets.UTF_8));
    }
}
