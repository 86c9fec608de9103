package dev.plinth.rag.connectors.web;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.select.Elements;

/**
 * Finds what a page is about, and takes out what stands around it on every page of its site: navigation, header, footer,
 * asides, banners, forms and lists of links.
 *
 * <p>It goes by what authors say (elements, roles, names of classes) before it counts. Nothing is taken out by its name or
 * by counting that holds half of the text or more.
 */
final class MainContent {
    private static final String NEVER_READ =
            "script, style, noscript, template, iframe, object, embed, svg, canvas, button, input, select, textarea,"
                    + " dialog, [hidden], [aria-hidden=true], [style~=(?i)display\\s*:\\s*none]";
    private static final String AROUND = "nav, aside, footer, [role=navigation], [role=complementary],"
            + " [role=contentinfo], [role=search], [role=menu], [role=menubar], [role=dialog], [role=alertdialog]";
    private static final String HEADER = "header, [role=banner]";
    private static final String CONTENT = "main, [role=main]";
    private static final Pattern NAMED_SO = Pattern.compile(
            "(^|[\\s_-])((cookies?|consent|gdpr|privacy)[_-]?(banner|bar|box|notice|popup|overlay|message|wall|dialog)"
                    + "|cookieconsent|onetrust[a-z-]*|breadcrumbs?|skip-?(link|nav|to-content)|(social|share)([_-]?(links|buttons|bar|icons))?"
                    + "|newsletter([_-]?(form|signup|box))?|sidebar|site-(header|footer|nav)|pagination|pager|related([_-](posts|articles|links))?"
                    + "|advert(isement)?s?|ad-(banner|slot|container)|print-?only|popup|modal|noprint)($|[\\s_-])");
    private static final double MOST_LINKED = 0.6;
    private static final int LEAST_LINKS = 4;

    private final Document page;

    private MainContent(Document page) {
        this.page = page;
    }

    /** The element with the content. Changes the page. */
    static Element of(Document page) {
        return new MainContent(page).find();
    }

    private Element find() {
        page.select(NEVER_READ).remove();
        page.select(AROUND).remove();
        removeHeaders();
        removeByName();
        Element root = root();
        removeLinkLists(root);
        return root;
    }

    /** The header of an article is its own; that of the page has a heading if no other has one. */
    private void removeHeaders() {
        int headings = page.select("h1").size();
        for (Element header : page.select(HEADER)) {
            boolean went = !header.root().equals(page); // with the header that it is in
            if (went || header.closest("article, " + CONTENT) != null) {
                continue;
            }
            Elements own = header.select("h1");
            if (headings == 1 && !own.isEmpty()) {
                header.before(own.get(0));
            } else {
                headings -= own.size();
            }
            header.remove();
        }
    }

    private void removeByName() {
        List<Element> named = new ArrayList<>();
        for (Element element : page.body().getAllElements()) {
            String names = (element.id() + " " + element.className()).toLowerCase(Locale.ROOT);
            if (!element.equals(page.body())
                    && NAMED_SO.matcher(names).find()
                    && !element.is("article, h1, " + CONTENT)) {
                named.add(element);
            }
        }
        removeUnlessMost(page.body(), named);
    }

    private Element root() {
        Element main = page.selectFirst(CONTENT);
        Elements articles = page.select("article");
        Element marked = main != null || articles.size() != 1 ? main : articles.first();
        TextCount count = TextCount.of(page.body());
        return marked == null || count.of(marked, false) * 4 < count.of(page.body(), false) ? page.body() : marked;
    }

    private static void removeLinkLists(Element root) {
        TextCount count = TextCount.of(root);
        List<Element> lists = new ArrayList<>();
        for (Element element : root.select("ul, ol, dl, div, section, p, td")) {
            if (!element.equals(root)
                    && count.links(element) >= LEAST_LINKS
                    && count.of(element, true) > MOST_LINKED * count.of(element, false)) {
                lists.add(element);
            }
        }
        removeUnlessMost(root, lists);
    }

    /** A page that is hardly more than such elements is about them. */
    private static void removeUnlessMost(Element root, List<Element> elements) {
        Set<Element> all = new HashSet<>(elements);
        List<Element> outermost = elements.stream()
                .filter(element -> element.parents().stream().noneMatch(all::contains))
                .toList();
        TextCount count = TextCount.of(root);
        int taken =
                outermost.stream().mapToInt(element -> count.of(element, false)).sum();
        if (taken * 2 < count.of(root, false)) {
            outermost.forEach(Element::remove);
        }
    }
}
