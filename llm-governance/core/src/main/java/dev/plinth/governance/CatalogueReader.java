package dev.plinth.governance;

import dev.plinth.api.model.Capability;
import dev.plinth.api.usage.Price;
import dev.plinth.governance.ListedModel.Kind;
import dev.plinth.governance.ListedModel.Status;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads a catalogue file. Reads on after a mistake, to name them all. */
final class CatalogueReader {

    private static final List<String> FILE_KEYS = List.of("owner", "models");
    private static final List<String> MODEL_KEYS =
            List.of("alias", "provider", "model", "kind", "status", "capabilities", "contextTokens", "region", "price");
    private static final Pattern CAPABILITY = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");

    private final Problems problems;
    private final Set<String> names = new HashSet<>();

    private CatalogueReader(Problems problems) {
        this.problems = problems;
    }

    static Catalogue read(Path path) {
        YamlFile file = new YamlFile(path, "catalogue");
        return file.parse(file.text(), (root, problems) -> new CatalogueReader(problems).catalogue(root));
    }

    private @Nullable Catalogue catalogue(Node root) {
        YamlMapping file = YamlMapping.of(root, "", problems, FILE_KEYS);
        if (file == null) {
            return null;
        }
        String owner = file.text("owner", text -> !text.isBlank(), "who answers for the catalogue");
        List<Node> items = file.list("models");
        if (file.has("models") && items.isEmpty()) {
            problems.add(file.node(), "models", "empty", "at least one model");
        }
        List<ListedModel> models = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            ListedModel model = model(items.get(i), "models[" + i + "]");
            if (model != null) {
                models.add(model);
            }
        }
        return owner == null ? null : new Catalogue(owner, models);
    }

    private @Nullable ListedModel model(Node node, String path) {
        YamlMapping entry = YamlMapping.of(node, path, problems, MODEL_KEYS);
        if (entry == null) {
            return null;
        }
        String alias = entry.has("alias") ? entry.name("alias") : null;
        String provider = entry.name("provider");
        String model = entry.name("model");
        Kind kind = entry.oneOf("kind", Kind.values());
        Status status = entry.oneOf("status", Status.values());
        Set<Capability> capabilities =
                entry.texts("capabilities", CAPABILITY.asMatchPredicate(), "lower-case words joined by -").stream()
                        .filter(text -> !text.isBlank())
                        .map(Capability::new)
                        .collect(Collectors.toSet());
        Integer contextTokens = entry.has("contextTokens") ? entry.count("contextTokens") : null;
        String region = entry.has("region") ? entry.name("region") : null;
        Price price =
                entry.has("price") ? new PriceReader(problems, kind == Kind.EMBEDDING).read(entry, "price") : null;
        if (provider == null || model == null || kind == null || status == null) {
            return null;
        }
        unique(entry, "model", kind, provider, model);
        if (alias != null && !alias.equals(model)) {
            unique(entry, "alias", kind, provider, alias);
        }
        return new ListedModel(alias, provider, model, kind, status, capabilities, contextTokens, region, price);
    }

    /** A name has one meaning for each kind and provider, be it alias or model. */
    private void unique(YamlMapping entry, String key, Kind kind, String provider, String name) {
        if (!names.add(kind + " " + provider + " " + name)) {
            problems.add(entry.node(), entry.at(key), name, "a name no other model of this kind and provider has");
        }
    }
}
