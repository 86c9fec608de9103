package dev.plinth.samples.docs;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import dev.plinth.api.error.LlmException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The arrows of the house: who may know whom, and what no class of the library does. */
@Tag("once")
class ArchitectureTest {

    /** Classes by module, such as {@code llm-rag/core}. */
    private static final Map<String, JavaClasses> MODULES = new TreeMap<>();

    private static JavaClasses all;

    @BeforeAll
    static void read() {
        for (String module : Modules.published()) {
            MODULES.put(module, new ClassFileImporter().importPath(Modules.classes(module)));
        }
        all = new ClassFileImporter()
                .importPaths(Modules.published().stream().map(Modules::classes).toList());
        assertThat(MODULES).isNotEmpty();
        MODULES.forEach(
                (module, classes) -> assertThat(classes.size()).as(module).isPositive());
    }

    @Test
    void llmApiNeedsTheJdkOnly() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "org.jspecify..", "dev.plinth.api..")
                .check(MODULES.get("llm-api/core"));
    }

    /** A capability's core knows llm-api; an adapter knows its core, too; nothing knows another capability. */
    @TestFactory
    List<DynamicTest> arrowsPointDown() {
        return MODULES.keySet().stream()
                .map(module -> DynamicTest.dynamicTest(
                        module,
                        () -> assertThat(plinthModulesUsedBy(module))
                                .as("modules that %s knows", module)
                                .isSubsetOf(allowedFor(module))))
                .toList();
    }

    @TestFactory
    List<DynamicTest> packagesFormNoCycles() {
        return MODULES.entrySet().stream()
                .map(module -> DynamicTest.dynamicTest(
                        module.getKey(),
                        () -> slices().matching("dev.plinth.(**)")
                                .should()
                                .beFreeOfCycles()
                                .check(module.getValue())))
                .toList();
    }

    @Test
    void everyPackageIsNullMarked() {
        Set<String> unmarked = all.stream()
                .map(JavaClass::getPackage)
                .filter(javaPackage -> !javaPackage.isAnnotatedWith(NullMarked.class))
                .map(javaPackage -> javaPackage.getName())
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(unmarked).as("packages without @NullMarked").isEmpty();
    }

    @Test
    void errorsAreLlmExceptions() {
        check(classes()
                .that()
                .areAssignableTo(Throwable.class)
                .and()
                .arePublic()
                .should()
                .beAssignableTo(LlmException.class));
    }

    @Test
    void publicStateIsFinal() {
        check(fields().that().arePublic().should().beFinal());
    }

    @Test
    void nothingPrintsOrLogsByItself() {
        check(NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS);
        check(NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING);
    }

    @Test
    void timeAndThreadsAreInjected() {
        check(noClasses()
                .that()
                .doNotHaveFullyQualifiedName("dev.plinth.api.time.SystemTimeSource")
                .should()
                .accessTargetWhere(calls(Set.of(
                        "java.lang.System.currentTimeMillis",
                        "java.lang.System.nanoTime",
                        "java.lang.System.exit",
                        "java.lang.Thread.sleep",
                        "java.time.Instant.now",
                        "java.time.LocalDate.now",
                        "java.time.LocalDateTime.now",
                        "java.time.ZonedDateTime.now",
                        "java.time.Clock.systemUTC",
                        "java.time.Clock.systemDefaultZone"))));
    }

    /** Threads are the caller's; the doubles for tests, which play servers and users, have their own. */
    @Test
    void noThreadIsStarted() {
        check(noClasses()
                .that()
                .resideOutsideOfPackages("dev.plinth.api.testkit..", "dev.plinth.api.tck..")
                .should()
                .accessTargetWhere(calls(Set.of("java.lang.Thread.<init>", "java.lang.Thread.start")))
                .orShould()
                .accessClassesThat()
                .haveFullyQualifiedName("java.util.concurrent.Executors"));
    }

    @Test
    void textDoesNotDependOnTheMachine() {
        check(noClasses().should().callMethod(String.class, "toLowerCase"));
        check(noClasses().should().callMethod(String.class, "toUpperCase"));
        check(noClasses().should().callMethod(String.class, "getBytes"));
        check(noClasses().should().callMethod(String.class, "format", String.class, Object[].class));
        check(noClasses().should().callMethod(String.class, "formatted", Object[].class));
        check(noClasses().should().callConstructor(String.class, byte[].class));
    }

    private static DescribedPredicate<JavaAccess<?>> calls(Set<String> methods) {
        return DescribedPredicate.describe(
                "is one of " + methods,
                access -> methods.contains(access.getTargetOwner().getName() + "." + access.getName()));
    }

    private static Set<String> plinthModulesUsedBy(String module) {
        Set<String> used = new TreeSet<>();
        for (JavaClass javaClass : MODULES.get(module)) {
            javaClass.getDirectDependenciesFromSelf().stream()
                    .map(dependency -> dependency.getTargetClass().getBaseComponentType())
                    .filter(resideInAPackage("dev.plinth.."))
                    .map(target -> Modules.of(MODULES, target))
                    .filter(other -> !other.equals(module))
                    .forEach(used::add);
        }
        return used;
    }

    private static Set<String> allowedFor(String module) {
        String capability = module.substring(0, module.indexOf('/') < 0 ? module.length() : module.indexOf('/'));
        if (module.equals("llm-api/tck")) {
            return Set.of("llm-api/core", "llm-api/testkit");
        }
        if (module.equals("llm-providers/redis") || module.equals("llm-providers/postgresql")) { // see decision 0018
            return Set.of("llm-api/core", "llm-providers/bucket4j");
        }
        return new TreeSet<>(List.of("llm-api/core", capability + "/core"));
    }

    private static void check(ArchRule rule) {
        rule.allowEmptyShould(true).check(all);
    }
}
