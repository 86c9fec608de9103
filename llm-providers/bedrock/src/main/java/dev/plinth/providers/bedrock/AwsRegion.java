package dev.plinth.providers.bedrock;

import dev.plinth.api.check.Check;
import java.net.URI;
import java.util.Map;

/** A part of AWS with servers of its own. */
record AwsRegion(String name) {

    /** The domains of AWS's partitions by how the names of their regions begin; the commercial one has the rest. */
    private static final Map<String, String> DOMAINS = Map.of(
            "cn-", "amazonaws.com.cn",
            "eusc-", "amazonaws.eu",
            "us-iso-", "c2s.ic.gov",
            "us-isob-", "sc2s.sgov.gov");

    AwsRegion {
        boolean plain = !name.isEmpty()
                && name.chars()
                        .allMatch(each -> (each >= 'a' && each <= 'z') || (each >= '0' && each <= '9') || each == '-');
        Check.that(plain, "region", name, "a name such as us-east-1");
    }

    /** The address of a service here. */
    URI endpoint(String service) {
        String domain = DOMAINS.entrySet().stream()
                .filter(each -> name.startsWith(each.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse("amazonaws.com");
        return URI.create("https://" + service + "." + name + "." + domain);
    }
}
