package dev.plinth.rag.connect;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AddressesTest {
    private final Map<String, String> names = new HashMap<>();
    private final Addresses addresses = new Addresses(List.of("Wiki.example"), this::resolve);

    private InetAddress[] resolve(String name) throws UnknownHostException {
        String address = names.get(name);
        if (address == null) {
            throw new UnknownHostException(name);
        }
        return InetAddress.getAllByName(address);
    }

    @Test
    void sourceThatHadNoAddressAtFirstIsReachedLater() {
        assertThat(addresses.mayReach("wiki.example"))
                .as("whoever connects will find out")
                .isTrue();
        names.put("wiki.example", "10.0.0.7");
        assertThat(addresses.mayReach("wiki.example")).isTrue();
    }

    @Test
    void sourceOnTheInternetDoesNotBecomePrivate() {
        names.put("wiki.example", "203.0.113.7");
        assertThat(addresses.mayReach("wiki.example")).isTrue();
        names.put("wiki.example", "10.0.0.7");
        assertThat(addresses.mayReach("wiki.example")).isFalse();
    }
}
