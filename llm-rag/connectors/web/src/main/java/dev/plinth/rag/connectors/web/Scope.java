package dev.plinth.rag.connectors.web;

import java.util.Set;
import java.util.function.Predicate;

/**
 * Which addresses belong to a source.
 *
 * @param sites hosts, with their ports where they are not the usual ones
 * @param paths of their pages
 * @param starts pages that belong to it whatever their paths
 */
record Scope(Set<String> sites, Predicate<? super String> paths, Set<String> starts) {
    boolean includes(String url) {
        return starts.contains(url)
                || sites.contains(PageUrl.site(url)) && paths.test(PageUrl.path(url)) && !PageUrl.isTrap(url);
    }
}
