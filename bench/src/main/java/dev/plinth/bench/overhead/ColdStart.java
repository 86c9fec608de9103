package dev.plinth.bench.overhead;

import java.io.IOException;

/** Makes one chat call and says so: the main method of a fresh JVM. */
final class ColdStart {
    private ColdStart() {}

    public static void main(String[] arguments) throws IOException {
        try (Client client = Client.open(arguments[0], arguments[1])) {
            System.out.println(client.chat(Questions.PROMPT).length() + " characters");
        }
    }
}
