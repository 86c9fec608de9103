package dev.plinth.governance.guardrails;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is an address or a card, and what only looks like one. */
class DetectorTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "write to anna@example.com please | anna@example.com",
                "(legal@example.com). | legal@example.com",
                "peter@example.org. | peter@example.org",
                "j.o'neil+billing@mail.example.org | j.o'neil+billing@mail.example.org",
                "'anna@example.com' | anna@example.com",
                "mailto:careers@example.com?subject=x | careers@example.com",
                "Contact=ops-team@example.dev,Priority=2 | ops-team@example.dev",
                "müller@example.de | müller@example.de",
                "用户@例子.公司 | 用户@例子.公司",
                "mu\u0308ller@example.de | mu\u0308ller@example.de",
                "x@EXAMPLE.XN--P1AI | x@EXAMPLE.XN--P1AI",
                "wait...anna@example.com | anna@example.com",
                "anna@example.com-like | anna@example.com",
                "anna@example.com4111 | anna@example.com",
                "anna@example.com.k | anna@example.com",
                "x@example.xn--p1ai-- | x@example.xn--p1ai",
                "anna@example.com--- | anna@example.com",
                "anna@sub.example.co.uk | anna@sub.example.co.uk",
                "\"text\\nanna@example.com\" | anna@example.com",
                "\"text\\\\nanna@example.com\" | nanna@example.com",
                "\"\\u0009anna@example.com\" | anna@example.com",
                "_under@example.com | _under@example.com",
                "100%sure@example.com | 100%sure@example.com",
                "git@example.com is who answers | git@example.com",
            })
    void findsAddresses(String text, String address) {
        assertThat(found(new EmailDetector(), text)).containsExactly(address);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "@anna",
                "anna@",
                "anna@localhost",
                "anna @ example.com",
                "@scope/package@1.4.2",
                "price@noon and volume@close",
                "a@b.c",
                "anna@-example.com",
                "anna@example..com",
                "registry/app:1.29.3-alpine@sha256:0000",
                "git@github.com:example/project.git",
                "...@example.com",
            })
    void findsNoAddress(String text) {
        assertThat(found(new EmailDetector(), text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "4012888888881881 | 4012888888881881",
                "5555555555554444 | 5555555555554444",
                "371449635398431 | 371449635398431",
                "30569309025904 | 30569309025904",
                "6011000400000000 | 6011000400000000",
                "3528000700000000 | 3528000700000000",
                "2223003122003222 | 2223003122003222",
                "6759649826438453 | 6759649826438453",
                "4242 4242 4242 4242 for the renewal | 4242 4242 4242 4242",
                "4111-1111-1111-1111, exp 09/29 | 4111-1111-1111-1111",
                "3714 496353 98431 | 3714 496353 98431",
                "41111111 11111111 | 41111111 11111111",
                "1 4111 1111 1111 1111 12/28 | 4111 1111 1111 1111",
                "4111111111111111 12 28 | 4111111111111111",
                "4242\u00a04242\u00a04242\u00a04242 | 4242\u00a04242\u00a04242\u00a04242",
                "card_4111111111111111. | 4111111111111111",
                "card_number: \"4000002760003184\" | 4000002760003184",
                "{\"n\":4111111111111111} | 4111111111111111",
            })
    void findsCards(String text, String card) {
        assertThat(found(new CardDetector(), text)).containsExactly(card);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "4012-8888-8888-1882",
                "36168002586008",
                "1748503543012",
                "1763942400000",
                "1763942400000000",
                "1763942400000000000",
                "20261124002915123",
                "Loyalty number 1234 5678 9012 3456",
                "IMEI 490154203237518",
                "Order id 9876543210123452",
                "EAN 4006381333931",
                "0.4111111111111111",
                "hash a4111111111111111b",
                "4111111111111111f",
                "+49 30 23125 088",
                "DE02 1203 0000 0000 2020 51",
                "123e4567-e89b-12d3-a456-426614174000",
                "41 11 11 11 11 11 11 11 1 2 3 4",
                "00004111111111111111",
                "4111 1111 1111",
            })
    void findsNoCard(String text) {
        assertThat(found(new CardDetector(), text)).isEmpty();
    }

    private static List<String> found(Detector detector, String text) {
        List<Finding> found = new ArrayList<>();
        detector.find(text, 0, found);
        return found.stream()
                .map(finding -> text.substring(finding.start(), finding.end()))
                .toList();
    }
}
