package dev.plinth.rag.connectors.web;

import java.net.IDN;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The address of a page in the one form that tells pages apart (RFC 3986, 6.2): no fragment, no default port, no session
 * and no campaign in its query.
 */
final class PageUrl {
    private static final int MOST_CHARACTERS = 2000;
    private static final int MOST_SEGMENTS = 16;
    private static final Pattern REPEATED = Pattern.compile("(/[^/]+(?:/[^/]+)?)\\1\\1(/|$)");
    private static final Pattern SESSION_IN_PATH = Pattern.compile("(?i);(jsessionid|sid|phpsessid)=[^/;]*");
    private static final Set<String> NO_CONTENT = Set.of(
            "jsessionid",
            "phpsessid",
            "sessionid",
            "session_id",
            "sid",
            "aspsessionid",
            "cfid",
            "cftoken",
            "gclid",
            "fbclid",
            "msclkid",
            "mc_cid",
            "mc_eid",
            "_ga");
    private static final String ALLOWED = "-._~:/?#[]@!$&'()*+,;=%";

    private PageUrl() {}

    /** Empty: no address of a page that could be asked for. */
    static Optional<String> of(String text) {
        try {
            URI uri = URI.create(encoded(text.strip())).normalize();
            String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
            if (!scheme.equals("http") && !scheme.equals("https")
                    || uri.getHost() == null
                    || uri.getUserInfo() != null) {
                return Optional.empty();
            }
            String port =
                    uri.getPort() < 0 || uri.getPort() == (scheme.equals("http") ? 80 : 443) ? "" : ":" + uri.getPort();
            String url = scheme + "://" + uri.getHost().toLowerCase(Locale.ROOT) + port + path(uri) + query(uri);
            return url.length() > MOST_CHARACTERS ? Optional.empty() : Optional.of(url);
        } catch (IllegalArgumentException none) {
            return Optional.empty();
        }
    }

    private static String path(URI uri) {
        String path = uri.getRawPath();
        String before;
        do { // without its session, a path may have something to resolve again
            before = path;
            path = resolved(SESSION_IN_PATH.matcher(path).replaceAll(""));
        } while (!path.equals(before));
        return path.isEmpty() ? "/" : path;
    }

    private static String resolved(String raw) {
        String path = URI.create("http://any" + raw).normalize().getRawPath();
        while (path.startsWith("/../")) {
            path = path.substring(3);
        }
        return path;
    }

    private static String query(URI uri) {
        if (uri.getRawQuery() == null) {
            return "";
        }
        List<String> kept = new ArrayList<>();
        for (String parameter : uri.getRawQuery().split("&")) {
            String name = parameter.split("=", 2)[0].toLowerCase(Locale.ROOT);
            if (!parameter.isEmpty() && !NO_CONTENT.contains(name) && !name.startsWith("utm_")) {
                kept.add(parameter);
            }
        }
        return kept.isEmpty() ? "" : "?" + String.join("&", kept);
    }

    /** With what may not stand in an address as it is, such as spaces and umlauts, in percent signs. */
    private static String encoded(String text) {
        int slashes = text.indexOf("://");
        int hostEnd = slashes < 0 ? -1 : indexOfAny(text, slashes + 3);
        String host = slashes < 0 ? "" : text.substring(slashes + 3, hostEnd);
        boolean foreign = host.chars().anyMatch(c -> c > 127);
        String whole = foreign ? text.substring(0, slashes + 3) + IDN.toASCII(host) + text.substring(hostEnd) : text;
        StringBuilder url = new StringBuilder();
        for (byte b : whole.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xFF);
            boolean plain = c < 128 && (Character.isLetterOrDigit(c) || ALLOWED.indexOf(c) >= 0);
            url.append(plain ? String.valueOf(c) : String.format(Locale.ROOT, "%%%02X", (int) c));
        }
        return url.toString();
    }

    private static int indexOfAny(String text, int from) {
        for (int i = from; i < text.length(); i++) {
            if ("/?#".indexOf(text.charAt(i)) >= 0) {
                return i;
            }
        }
        return text.length();
    }

    /** The host, with the port where it is not the usual one. */
    static String site(String url) {
        return URI.create(url).getRawAuthority();
    }

    /** The path, still encoded. */
    static String path(String url) {
        return URI.create(url).getRawPath();
    }

    /** Whether a path goes so deep, or round in circles, that software has made it up. */
    static boolean isTrap(String url) {
        String path = path(url);
        return path.chars().filter(c -> c == '/').count() > MOST_SEGMENTS
                || REPEATED.matcher(path).find();
    }
}
