package dev.plinth.providers.bedrock;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The profiles of AWS's two files, {@code config} and {@code credentials}; what the second says goes first. Sections
 * that are no profiles, nested settings and lines that make no sense are passed over, as AWS's own tools do.
 */
final class Profiles {

    private static final String DEFAULT = "default";
    private static final String PREFIX = "profile ";

    private final Map<String, Map<String, String>> profiles = new HashMap<>();

    private Profiles() {}

    /** Reads the files of a machine; one that is not there has no profiles. */
    static Profiles read(Machine machine) {
        Profiles all = new Profiles();
        all.add(machine.awsFile("AWS_CONFIG_FILE", "config"), true);
        all.add(machine.awsFile("AWS_SHARED_CREDENTIALS_FILE", "credentials"), false);
        return all;
    }

    /** The name of the profile to use where nobody says which: of the environment, or AWS's own. */
    static String defaultName(Machine machine) {
        return named(machine).orElse(DEFAULT);
    }

    /** The profile that the environment asks for. */
    static Optional<String> named(Machine machine) {
        return machine.setting("AWS_PROFILE", "aws.profile");
    }

    /** The settings of a profile; empty: there is none of this name. */
    Optional<Map<String, String>> profile(String name) {
        return Optional.ofNullable(profiles.get(name));
    }

    private void add(Path file, boolean config) {
        if (!Files.exists(file)) {
            return;
        }
        Map<String, String> current = null;
        for (String line : AwsFile.read(file, "AWS profiles").split("\\R")) {
            if (line.startsWith("[")) {
                String name = profileName(line, config);
                current = name == null ? null : profiles.computeIfAbsent(name, none -> new HashMap<>());
            } else if (current != null) {
                addSetting(line, current);
            }
        }
    }

    /** Null: the section is another one. In {@code config} all profiles but the default one are called so. */
    private static @Nullable String profileName(String line, boolean config) {
        int end = line.indexOf(']');
        if (end < 0) {
            return null;
        }
        String section = line.substring(1, end).replace('\t', ' ').strip();
        if (!config || section.equals(DEFAULT)) {
            return section;
        }
        return section.startsWith(PREFIX) ? section.substring(PREFIX.length()).strip() : null;
    }

    private static void addSetting(String line, Map<String, String> profile) {
        int equals = line.indexOf('=');
        boolean nested = line.startsWith(" ") || line.startsWith("\t");
        boolean comment = line.startsWith("#") || line.startsWith(";");
        if (equals > 0 && !nested && !comment) {
            profile.put(line.substring(0, equals).strip(), withoutComment(line.substring(equals + 1)));
        }
    }

    private static String withoutComment(String value) {
        String text = value.replace('\t', ' ');
        for (String mark : new String[] {" #", " ;"}) {
            int at = text.indexOf(mark);
            text = at < 0 ? text : text.substring(0, at);
        }
        return text.strip();
    }
}
