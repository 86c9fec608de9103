package dev.plinth.rag.connectors.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class PageUrlPropertiesTest {
    private static String of(String text) {
        return PageUrl.of(text).orElse("none");
    }

    @Property(tries = 2_000)
    void oneFormIsTheOnlyForm(@ForAll("paths") String path) {
        PageUrl.of("http://example.com/" + path).ifPresent(url -> {
            assertThat(URI.create(url).getHost()).isEqualTo("example.com");
            assertThat(of(url)).isEqualTo(url);
            PageUrl.isTrap(url);
        });
    }

    @Provide
    Arbitrary<String> paths() {
        return Arbitraries.of("/", ".", "..", ";", "?", "&", "=", "%", "sid=", "jsessionid=1", "a", "\u00e4", " ")
                .list()
                .ofMaxSize(12)
                .map(parts -> String.join("", parts));
    }

    @Property(tries = 500)
    void anyTextIsAnAddressOrNot(@ForAll String text) {
        PageUrl.of(text)
                .ifPresent(url -> assertThat(URI.create(url).getScheme()).startsWith("http"));
    }

    @Property(tries = 200)
    void anyCursorIsAPlaceOrNot(@ForAll String text) {
        assertThat(Crawl.parse(text)).isNull();
        assertThat(Crawl.parse("webA:" + text.replaceAll("[^A-Za-z0-9]", ""))).isNull();
    }

    @Example
    void tellsPagesApart() {
        assertThat(of("HTTP://Example.COM:80/a/../b/./c?x=1#top")).isEqualTo("http://example.com/b/c?x=1");
        assertThat(of("https://example.com")).isEqualTo("https://example.com/");
        assertThat(of("https://example.com:8443/a b/\u00fc?q=\u00e4"))
                .isEqualTo("https://example.com:8443/a%20b/%C3%BC?q=%C3%A4");
        assertThat(of("https://m\u00fcnchen.example/")).isEqualTo("https://xn--mnchen-3ya.example/");
        assertThat(of("https://example.com/../../x")).isEqualTo("https://example.com/x");
        assertThat(of("https://example.com/a;jsessionid=1?SID=2&b=3&utm_medium=z"))
                .isEqualTo("https://example.com/a?b=3");
        assertThat(of("https://user@example.com/")).isEqualTo("none");
        assertThat(of("javascript:alert(1)")).isEqualTo("none");
        assertThat(of("https://example.com/" + "x".repeat(3000))).isEqualTo("none");
    }

    @Example
    void knowsTraps() {
        assertThat(PageUrl.isTrap("http://e.example/a/a/a")).isTrue();
        assertThat(PageUrl.isTrap("http://e.example/x/a/b/a/b/a/b/y")).isTrue();
        assertThat(PageUrl.isTrap("http://e.example" + "/x1/y2".repeat(1) + "/q".repeat(2)))
                .isFalse();
        assertThat(PageUrl.isTrap("http://e.example/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17"))
                .isTrue();
        assertThat(PageUrl.isTrap("http://e.example/aa/ab/abc/2026/01/01")).isFalse();
    }
}
