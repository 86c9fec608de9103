package dev.plinth.rag.connect;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a source on the public Internet from leading a connector into the network it runs in: hosts at private addresses
 * are reached only if one that the user named is at such an address when it is met first.
 */
final class Addresses {
    private final Names names;
    private final Set<String> named;
    private final Map<String, Boolean> wasPrivate = new ConcurrentHashMap<>();

    /** Where the addresses of names come from. */
    interface Names {
        InetAddress[] addresses(String name) throws UnknownHostException;
    }

    Addresses(Collection<String> named) {
        this(named, InetAddress::getAllByName);
    }

    Addresses(Collection<String> named, Names names) {
        this.names = names;
        this.named = named.stream().map(host -> host.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
    }

    boolean mayReach(String host) {
        named.forEach(name -> wasPrivate.computeIfAbsent(name, this::isPrivate));
        return !Boolean.TRUE.equals(isPrivate(host)) || wasPrivate.containsValue(true);
    }

    /** Null: it has no address now. Whoever connects will find out, or has a proxy that knows it. */
    private @Nullable Boolean isPrivate(String host) {
        try {
            String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
            return Arrays.stream(names.addresses(bare)).anyMatch(Addresses::isPrivate);
        } catch (UnknownHostException unknown) {
            return null;
        }
    }

    private static boolean isPrivate(InetAddress address) {
        if (address.isLoopbackAddress()
                || address.isAnyLocalAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isMulticastAddress()) {
            return true;
        }
        byte[] bytes = address.getAddress();
        int first = bytes[0] & 0xFF;
        int second = bytes[1] & 0xFF;
        if (address instanceof Inet4Address) {
            boolean carrierGrade = first == 100 && second >= 64 && second < 128; // RFC 6598
            return carrierGrade || first == 0 || first >= 240 || first == 192 && second == 0 && bytes[2] == 0;
        }
        return (first & 0xFE) == 0xFC || isWrapped(bytes); // RFC 4193
    }

    /** IPv4 inside IPv6: NAT64 (RFC 6052) and 6to4 (RFC 3056) reach what they wrap. */
    private static boolean isWrapped(byte[] bytes) {
        boolean nat64 = bytes[0] == 0 && bytes[1] == 0x64 && bytes[2] == (byte) 0xFF && bytes[3] == (byte) 0x9B;
        return nat64 || bytes[0] == 0x20 && bytes[1] == 0x02;
    }
}
