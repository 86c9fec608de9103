package dev.plinth.rag.connectors.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.rag.parse.Parsed;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pages as sites send them. */
class MainContentTest {
    private static final String PARAGRAPH =
            "Parcels of up to 30 kilograms are delivered on the next working day. ".repeat(3);

    private static String text(String html) {
        return HtmlParser.ofPages()
                .parse("page.html", "text/html; charset=utf-8", html.getBytes(StandardCharsets.UTF_8))
                .text();
    }

    @Test
    void pageOfAShopInTheElementsOfToday() {
        String text = text("""
                <!doctype html><html lang="en"><head><title>Delivery | Shop</title><style>p{}</style></head><body>
                <a class="skip-link" href="#main">Skip to content</a>
                <header class="site-header"><a href="/">Shop</a><nav><ul><li><a href="/new">New</a></ul></nav>
                  <form role="search"><input name="q"><button>Find</button></form></header>
                <div id="cookie-banner" role="dialog"><p>We use cookies to make this site work.</p><button>Accept</button></div>
                <nav aria-label="Breadcrumb" class="breadcrumb"><a href="/">Home</a> / Delivery</nav>
                <main id="main"><article>
                  <header><h1>Delivery</h1><p>Updated in May</p></header>
                  <p>%s See <a href="/zones">the zones</a>.</p>
                  <h2>Prices</h2>
                  <table><thead><tr><th>Weight</th><th>Price</th></tr></thead>
                    <tbody><tr><td>5 kg</td><td>4.90</td></tr></tbody></table>
                  <h2>Steps</h2><ol><li>Pack it</li><li>Hand it in</li></ol>
                  <pre><code>order --express</code></pre>
                  <div class="share-buttons"><a href="#">Share</a></div>
                </article>
                <aside><h2>You may like</h2><p>Tape</p></aside></main>
                <footer><p>Imprint and terms</p></footer>
                <script>track()</script></body></html>
                """.formatted(PARAGRAPH));
        assertThat(text)
                .isEqualTo("# Delivery\n\nUpdated in May\n\n" + PARAGRAPH.strip()
                        + " See the zones.\n\n## Prices\n\n| Weight | Price |\n| --- | --- |\n| 5 kg | 4.90 |\n\n## Steps\n\n"
                        + "1. Pack it\n2. Hand it in\n\n```\norder --express\n```");
    }

    @Test
    void headingInAHeaderIsKeptIfNoOtherIsThere() {
        String page = "<header><h1>Elm</h1></header>%s<p>" + PARAGRAPH + "</p>";
        assertThat(text(page.formatted(""))).startsWith("# Elm");
        assertThat(text(page.formatted("<h1>Waste</h1>"))).startsWith("# Waste").doesNotContain("Elm");
        assertThat(text(page.formatted("<header><div><header><h1>Oak</h1></header></div></header>")))
                .as("the last that is there")
                .startsWith("# Oak")
                .doesNotContain("Elm");
        assertThat(text(page.formatted("<header><h1>Oak</h1></header>".repeat(20_000))))
                .as("in no time")
                .startsWith("# Oak")
                .containsOnlyOnce("Oak");
    }

    @Test
    void pageOfDivisionsFromAnotherTime() {
        String text = text("""
                <html><body><div id="header"><h1>Town of Elm</h1></div>
                <table><tr><td><div class="menu"><a href="1">Mayor</a> <a href="2">Council</a> <a href="3">Waste</a>
                  <a href="4">Schools</a> <a href="5">Forms</a></div></td>
                <td><h2>Waste</h2><p>%s</p></td></tr></table>
                <div class="sidebar">Opening hours 9 to 5</div>
                <div class="site-footer">Town hall</div></body></html>
                """.formatted(PARAGRAPH));
        assertThat(text).contains("Parcels").doesNotContain("Council", "Opening hours", "Town hall");
    }

    @Test
    void headingOfThePageIsKeptIfThereIsNoOther() {
        assertThat(text("<header><nav>Menu</nav><h1>About us</h1></header><p>" + PARAGRAPH))
                .startsWith("# About us\n\nParcels");
        assertThat(text("<header><h1>Shop</h1></header><main><h1>About us</h1><p>" + PARAGRAPH + "</main>"))
                .startsWith("# About us\n\nParcels");
    }

    @Test
    void aPageAboutCookiesKeepsThem() {
        String text = text("<main><section id='cookies' class='cookie-policy'><h1>Cookies</h1><p>" + PARAGRAPH
                + "</section>" + "<div class='cookie-notice'>Accept?</div></main>");
        assertThat(text).contains("# Cookies", "Parcels").doesNotContain("Accept?");
    }

    @Test
    void aPageThatIsAllLinksKeepsThem() {
        String text =
                text("<main><h1>Topics</h1><ul><li><a href=1>Delivery of parcels</a><li><a href=2>Returning goods</a>"
                        + "<li><a href=3>Paying by card</a><li><a href=4>Our shops</a></ul></main>");
        assertThat(text).contains("- Delivery of parcels", "- Our shops");
    }

    @Test
    void listsOfLinksAroundATextGo() {
        String text = text(
                "<body><div><h2>Delivery</h2><p>" + PARAGRAPH + "</p><ul><li><a href=1>Home</a><li><a href=2>Jobs</a>"
                        + "<li><a href=3>Press</a><li><a href=4>Contact</a></ul></div></body>");
        assertThat(text).contains("Parcels").doesNotContain("Press");
    }

    @Test
    void bodyNamedLikeABannerIsNoBanner() {
        assertThat(text("<body class='cookie-banner'><div class='modal popup'><p>" + PARAGRAPH + "</p></div></body>"))
                .contains("Parcels");
    }

    @Test
    void aMainThatHoldsNextToNothingIsNotBelieved() {
        assertThat(text("<main></main><div><h1>Delivery</h1><p>" + PARAGRAPH + "</p></div>"))
                .contains("Parcels");
    }

    @Test
    void anyMarkupIsRead() {
        assertThat(text("")).isEmpty();
        assertThat(text("<<<a href= >x</p></div><td>y")).contains("x");
        assertThat(text("<div>".repeat(20_000) + "deep")).contains("deep");
        assertThat(text("<b".repeat(50_000))).isNotNull();
    }

    @ParameterizedTest
    @CsvSource({
        "text/html; charset=windows-1251, windows-1251, ''",
        "text/html, UTF-8, ''",
        "text/html, windows-1252, ''",
        "text/html, windows-1251, <meta charset=windows-1251>",
        "text/html, UTF-16LE, \uFEFF",
        "text/html; charset=nonsense, UTF-8, ''"
    })
    void textIsReadInItsCharset(String type, String charset, String head) {
        String word = charset.equals("windows-1252")
                ? "Gr\u00fc\u00dfe"
                : charset.equals("windows-1251") ? "\u041f\u0440\u0438\u0432\u0435\u0442" : "\u65e5\u672c\u8a9e";
        Parsed parsed = HtmlParser.ofPages().parse("x", type, (head + "<p>" + word).getBytes(Charset.forName(charset)));
        assertThat(parsed.text()).isEqualTo(word);
    }

    @Test
    void everythingMeansEverything() {
        String html = "<nav>Menu</nav><p>Text</p><footer>Terms</footer>";
        assertThat(HtmlParser.ofEverything()
                        .parse("x.html", null, html.getBytes(StandardCharsets.UTF_8))
                        .text())
                .isEqualTo("Menu\n\nText\n\nTerms");
        assertThat(HtmlParser.ofEverything().accepts("x.html", null)).isTrue();
        assertThat(HtmlParser.ofEverything().accepts("x", "text/html;charset=utf-8"))
                .isTrue();
        assertThat(HtmlParser.ofEverything().accepts("x.html", "application/pdf"))
                .isFalse();
    }
}
