package dev.plinth.api.testkit;

import java.util.List;

/** Whether this is a test run. */
final class TestRun {
    // Of JUnit 5 and 6, JUnit 4, TestNG. No application that is deployed has one of them on its class path.
    private static final List<String> ENGINES =
            List.of("org.junit.platform.engine.TestEngine", "org.junit.runner.JUnitCore", "org.testng.TestNG");

    static final boolean DETECTED = ENGINES.stream().anyMatch(TestRun::isThere);

    private TestRun() {}

    private static boolean isThere(String engine) {
        try {
            Class.forName(engine, false, TestRun.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException | LinkageError absent) {
            return false;
        }
    }
}
