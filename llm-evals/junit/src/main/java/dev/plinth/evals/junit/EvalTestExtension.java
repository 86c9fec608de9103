package dev.plinth.evals.junit;

import dev.plinth.evals.EvalCase;
import dev.plinth.evals.EvalSuite;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;
import org.junit.platform.commons.support.AnnotationSupport;

/** Runs a method once per case. */
final class EvalTestExtension implements TestTemplateInvocationContextProvider {

    @Override
    public boolean supportsTestTemplate(ExtensionContext context) {
        return AnnotationSupport.isAnnotated(context.getTestMethod(), EvalTest.class);
    }

    @Override
    public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(ExtensionContext context) {
        Method method = context.getRequiredTestMethod();
        // Without the case every invocation would do the same, and pass for cases it never saw.
        if (!List.of(method.getParameterTypes()).contains(EvalCase.class)) {
            throw new ExtensionConfigurationException(
                    method + ": takes no EvalCase (expected: a parameter of type EvalCase)");
        }
        EvalTest test = AnnotationSupport.findAnnotation(method, EvalTest.class).orElseThrow();
        EvalSuite suite = read(test.cases(), context.getRequiredTestClass());
        EvalSuite chosen = test.tag().isEmpty() ? suite : suite.tagged(test.tag());
        return chosen.cases().stream().map(Invocation::new);
    }

    private static EvalSuite read(String cases, Class<?> testClass) {
        try (InputStream resource = testClass.getResourceAsStream(cases.startsWith("/") ? cases : "/" + cases)) {
            if (resource != null) {
                return EvalSuite.read(cases, resource);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(cases + ": unreadable (expected: a file of eval cases)", failed);
        }
        Path file = Path.of(cases);
        if (!Files.exists(file)) {
            throw new ExtensionConfigurationException("cases: " + cases
                    + " missing (expected: a resource on the class path, or a file from "
                    + Path.of("").toAbsolutePath()
                    + ")");
        }
        return EvalSuite.read(file);
    }

    /** One case: gives the method its case. */
    private record Invocation(EvalCase evalCase) implements TestTemplateInvocationContext, ParameterResolver {

        @Override
        public String getDisplayName(int invocationIndex) {
            return evalCase.id();
        }

        @Override
        public List<Extension> getAdditionalExtensions() {
            return List.of(this);
        }

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == EvalCase.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return evalCase;
        }
    }
}
