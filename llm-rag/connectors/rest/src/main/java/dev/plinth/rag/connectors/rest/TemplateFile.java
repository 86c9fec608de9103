package dev.plinth.rag.connectors.rest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinth.api.check.Check;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A template as it stands in its file.
 *
 * @param about where the API is documented
 * @param headers of every request
 * @param parameters what a user may say otherwise, by name: {@code $parameters/NAME}
 * @param parents lists of what the items are listed by, such as channels; null: the items are listed as they are
 * @param list of the items
 * @param complete whether a list of everything names all there is, so that what is absent is gone; null: it does
 * @param changes how a list of changes is asked for; null: it cannot be
 * @param item what of an answer is an item
 * @param fetch asks for one item
 * @param document what of an item becomes a document
 * @param readers who may read; null: whoever the connector says
 * @param errors how an answer of status 200 says that it is an error; null: it does not
 */
record TemplateFile(
        String about,
        Map<String, String> headers,
        Map<String, String> parameters,
        @Nullable Parents parents,
        Listing list,
        @Nullable Boolean complete,
        @Nullable Changes changes,
        ItemSpec item,
        Fetch fetch,
        DocumentSpec document,
        @Nullable ReadersSpec readers,
        @Nullable Errors errors) {
    TemplateFile {
        Check.notBlank(about, "about");
        headers = orNone(headers);
        parameters = orNone(parameters);
        Check.notNull(list, "list");
        Check.notNull(item, "item");
        Check.notNull(fetch, "fetch");
        Check.notNull(document, "document");
    }

    /** Whether what is absent from a list of everything is gone. */
    boolean listsAll() {
        return complete == null || complete;
    }

    private static <V> Map<String, V> orNone(@Nullable Map<String, V> map) {
        return map == null ? Map.of() : Map.copyOf(map);
    }

    /**
     * A request. Texts name fields in braces: those of the item, or {@code $since}, {@code $next}, {@code $limit},
     * {@code $parent}, {@code $block}, {@code $id/N} and {@code $parameters/NAME}. What is nothing but a
     * field that is not there is left out.
     *
     * @param path behind the base
     * @param query its parameters
     * @param body sent as JSON by POST; null: nothing is, by GET
     */
    record Request(
            String path,
            @Nullable Map<String, String> query,
            @Nullable JsonNode body) {
        Request {
            Check.notNull(path, "path");
            Check.that(path.startsWith("/"), "path", path, "one that starts with /");
        }
    }

    /**
     * A list, page by page.
     *
     * @param items where they are in an answer
     * @param next how the next page is found; null: there is one page
     * @param limit how many items a page has at most, {@code $limit}; 0: as the connector says
     */
    record Listing(Request request, String items, @Nullable Next next, int limit) {
        Listing {
            Check.notNull(request, "request");
            Check.notNull(items, "items");
        }
    }

    /**
     * How the next page is found; exactly one of them.
     *
     * @param link where an answer has the address of the next page, whole or behind the base
     * @param cursor where an answer has what the next request says as {@code $next}
     * @param header whether the header {@code Link} has it (RFC 8288)
     */
    record Next(@Nullable String link, @Nullable String cursor, boolean header) {
        Next {
            int ways = (link == null ? 0 : 1) + (cursor == null ? 0 : 1) + (header ? 1 : 0);
            Check.that(ways == 1, "next", ways + " ways", "link, cursor or header");
        }
    }

    /** @param id of a parent, {@code $parent} in the requests for its items */
    record Parents(Listing list, String id) {
        Parents {
            Check.notNull(list, "list");
            Check.notBlank(id, "id");
        }
    }

    /**
     * What has changed since.
     *
     * @param link where the last answer has the address that a later list of changes starts with; null: by time
     * @param field when an item was changed: a time, or seconds since 1970
     * @param format of {@code $since}: a pattern in UTC, {@code iso} or {@code seconds}; null: it is not sent
     * @param first what {@code $since} is in a list of everything
     * @param overlap how far a list goes back behind the last change
     * @param newestFirst whether the API lists by time, the newest first, and knows no {@code $since}
     */
    record Changes(
            @Nullable String link,
            @Nullable String field,
            @Nullable String format,
            @Nullable String first,
            @Nullable Duration overlap,
            boolean newestFirst) {
        Changes {
            Check.that((link == null) != (field == null), "changes", "both or none", "link or field");
        }
    }

    /**
     * What an item is.
     *
     * @param id the paths of the parts of its id, {@code $id/N}
     * @param version a text with fields that changes when the item does; null: a hash of the item
     * @param only a field that documents have; others are passed over
     * @param not a field that documents do not have
     * @param deleted a field of items that are gone
     */
    record ItemSpec(
            List<String> id,
            @Nullable String version,
            @Nullable String only,
            @Nullable String not,
            @Nullable String deleted) {
        ItemSpec {
            Check.notEmpty(id, "id");
        }
    }

    /** @param item where it is in the answer */
    record Fetch(Request request, @Nullable String item) {
        Fetch {
            Check.notNull(request, "request");
        }
    }

    /**
     * What of an item becomes a document.
     *
     * @param title a text with fields; null: none
     * @param url a text with fields, behind the base if it starts with {@code /}
     * @param modified when it was changed
     * @param metadata paths, by the name of the fact
     */
    record DocumentSpec(
            @Nullable String title,
            String url,
            @Nullable String modified,
            @Nullable Map<String, String> metadata,
            TextSpec text) {
        DocumentSpec {
            Check.notBlank(url, "url");
            Check.notNull(text, "text");
        }
    }

    /**
     * Where the text is.
     *
     * @param values paths of it in the item; null: it is asked for
     * @param type {@code text/plain}, {@code text/markdown}, {@code text/html}, or {@code blocks}: nested objects, of which
     *     every field {@code leaf} is text
     * @param leaf of blocks
     * @param list asks for blocks by {@code $block}, at first the last part of the id
     * @param children the field that says that a block has some
     * @param child the path of the id of a block
     * @param leaveOut fields of blocks that are left out with all that is in them
     * @param download asks for a file
     * @param name of the file, a text with fields
     * @param mediaType of the file, likewise
     */
    record TextSpec(
            @Nullable List<String> values,
            @Nullable String type,
            @Nullable String leaf,
            @Nullable Listing list,
            @Nullable String children,
            @Nullable String child,
            @Nullable List<String> leaveOut,
            @Nullable Request download,
            @Nullable String name,
            @Nullable String mediaType) {
        TextSpec {
            int ways = (values == null ? 0 : 1) + (list == null ? 0 : 1) + (download == null ? 0 : 1);
            Check.that(ways == 1, "text", ways + " ways", "values, list or download");
            if (values != null) {
                List<String> types = List.of("text/plain", "text/markdown", "text/html", "blocks");
                Check.that(types.contains(String.valueOf(type)), "type", type, "one of " + types);
            }
            boolean blocks = list != null || "blocks".equals(type);
            Check.that(blocks == (leaf != null), "leaf", leaf, blocks ? "the field with the text" : "only of blocks");
            Check.that(download == null || name != null, "name", name, "the name of the file");
        }

        boolean isHtml() {
            return values != null && "text/html".equals(type);
        }
    }

    /**
     * Who may read.
     *
     * @param names paths of names, by what stands before them: {@code user} makes {@code user:ID}
     * @param list asks for them; null: they are in the item
     * @param at where the names are, in the item or in what the list says; null: right there
     * @param present a field of that without which nobody may read: the answer does not say who
     * @param above what the item is inside of, and whose readers count as well; null: nothing
     * @param orElse whether it is for the connector to say if there are no names at all; else nobody may read
     */
    record ReadersSpec(
            Map<String, List<String>> names,
            @Nullable Listing list,
            @Nullable String at,
            @Nullable String present,
            @Nullable Above above,
            boolean orElse) {
        ReadersSpec {
            Check.notNull(names, "names");
            Check.notEmpty(names.keySet(), "names");
        }
    }

    /**
     * What an item is inside of: who may not read all of them may not read the item.
     *
     * @param ids the path of their ids; nobody may read if it begins with a field that is not there
     * @param request asks for the readers of one, {@code $above}; the names are found in the answer as in {@code at}
     */
    record Above(String ids, Request request) {
        Above {
            Check.notBlank(ids, "ids");
            Check.notNull(request, "request");
        }
    }

    /**
     * How an answer of status 200 says that it is an error.
     *
     * @param code where its name is
     * @param unauthorized names that mean that the credentials are refused
     */
    record Errors(String code, List<String> unauthorized) {
        Errors {
            Check.notBlank(code, "code");
            Check.notNull(unauthorized, "unauthorized");
        }
    }
}
