package dev.plinth.providers.bedrock;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The headers of one message of an event stream, as far as they matter; the others are passed over by their types.
 *
 * <p>Not thread-safe.
 */
final class EventStreamHeaders {

    private static final int STRING = 7;
    private static final int MAX_KNOWN = 32;

    // A stream repeats a few names and values: each becomes a String once.
    private final List<String> known = new ArrayList<>();

    private byte[] bytes = new byte[0];
    private int position;
    private int end;
    private String messageType = "event";
    private String eventType = "";
    private String exceptionType = "";
    private String errorCode = "";
    private String errorMessage = "";

    /** Reads the headers between these places and forgets those before; false when they are broken. */
    boolean read(byte[] message, int from, int to) {
        bytes = message;
        position = from;
        end = to;
        messageType = "event";
        eventType = "";
        exceptionType = "";
        errorCode = "";
        errorMessage = "";
        while (position < end) {
            if (!readHeader()) {
                return false;
            }
        }
        return true;
    }

    private boolean readHeader() {
        int nameLength = number(1);
        if (nameLength < 0 || nameLength > end - position) {
            return false;
        }
        String name = text(nameLength);
        int type = number(1);
        int length = length(type);
        if (length < 0 || length > end - position) {
            return false;
        }
        if (type == STRING) {
            set(name, text(length));
        } else {
            position += length;
        }
        return true;
    }

    /** How long a value is: of two types there is none, of bytes and texts it says so itself; negative: no type. */
    private int length(int type) {
        return switch (type) {
            case 0, 1 -> 0;
            case 2 -> 1;
            case 3 -> 2;
            case 4 -> 4;
            case 5, 8 -> 8;
            case 6, STRING -> number(2);
            case 9 -> 16;
            default -> -1;
        };
    }

    /** The next unsigned number of so many bytes; negative when they are not there. */
    private int number(int size) {
        if (end - position < size) {
            return -1;
        }
        int number = 0;
        for (int i = 0; i < size; i++) {
            number = number << 8 | bytes[position++] & 0xff;
        }
        return number;
    }

    private String text(int length) {
        int start = position;
        position += length;
        for (String each : known) {
            if (isAt(start, length, each)) {
                return each;
            }
        }
        String text = new String(bytes, start, length, StandardCharsets.UTF_8);
        if (known.size() < MAX_KNOWN) {
            known.add(text);
        }
        return text;
    }

    private boolean isAt(int start, int length, String text) {
        boolean same = length == text.length();
        for (int i = 0; same && i < length; i++) {
            same = bytes[start + i] == text.charAt(i);
        }
        return same;
    }

    private void set(String name, String value) {
        switch (name) {
            case ":message-type" -> messageType = value;
            case ":event-type" -> eventType = value;
            case ":exception-type" -> exceptionType = value;
            case ":error-code" -> errorCode = value;
            case ":error-message" -> errorMessage = value;
            default -> {
                // such as :content-type, which is JSON
            }
        }
    }

    /** Whether the service says that the call failed, in a payload. */
    boolean isException() {
        return messageType.equals("exception");
    }

    /** Whether the service says that the call failed, in the headers. */
    boolean isError() {
        return messageType.equals("error");
    }

    /** What the event, the exception or the error is called. */
    String type() {
        return isError() ? errorCode : isException() ? exceptionType : eventType;
    }

    /** The words of an error. */
    String message() {
        return errorMessage;
    }
}
