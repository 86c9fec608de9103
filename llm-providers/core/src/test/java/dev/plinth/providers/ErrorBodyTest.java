package dev.plinth.providers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErrorBodyTest {

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            quoteCharacter = '`',
            value = {
                "OpenAI|{\"error\":{\"message\":\"m\",\"type\":\"t\",\"param\":null,\"code\":\"c\"}}|m|c|t",
                "no code|{\"error\":{\"message\":\"m\",\"type\":\"server_error\",\"param\":null,\"code\":null}}|m|-|server_error",
                "number|{\"error\":{\"code\":429,\"message\":\"m\",\"metadata\":{\"provider_name\":\"p\",\"raw\":\"r\"}}}|m: r|429|-",
                "router|{\"error\":{\"metadata\":{\"raw\":\"{\\\"error\\\":{\\\"message\\\":\\\"why\\\",\\\"code\\\":\\\"c\\\"}}\"},\"message\":\"m\",\"code\":400}}|m: why|400|-",
                "router without words|{\"error\":{\"code\":400,\"metadata\":{\"raw\":\"why\"}}}|why|400|-",
                "router with more|{\"error\":{\"code\":400,\"message\":\"m\",\"metadata\":{\"raw\":{\"message\":\"x\"},\"a\":[{}]},\"type\":\"t\"}}|m|400|t",
                "router that says nothing|{\"error\":{\"code\":400,\"message\":\"m\",\"metadata\":null}}|m|400|-",
                "Ollama|{\"error\":\"model not found\"}|model not found|-|-",
                "vLLM|{\"object\":\"error\",\"message\":\"m\",\"type\":\"BadRequestError\",\"param\":null,\"code\":400}|m|400|BadRequestError",
                "Mistral 422|{\"object\":\"error\",\"message\":{\"detail\":[{\"type\":\"missing\",\"loc\":[\"body\",\"model\"],\"msg\":\"Field required\"}]},\"type\":\"invalid\",\"code\":null}|Field required|-|missing",
                "Mistral 401|{\"message\":\"Unauthorized\",\"request_id\":\"r\"}|Unauthorized|-|-",
                "FastAPI text|{\"detail\":\"Not Found\"}|Not Found|-|-",
                "FastAPI list|{\"detail\":[{\"loc\":[\"body\"],\"msg\":\"first\"},{\"msg\":\"second\"}]}|first|-|-",
                "Azure|{\"error\":{\"code\":\"content_filter\",\"message\":\"m\",\"status\":400,\"innererror\":{\"code\":\"ResponsibleAIPolicyViolation\",\"content_filter_result\":{\"hate\":{\"filtered\":true}}}}}|m|content_filter|400",
                "Azure, inner first|{\"error\":{\"innererror\":{\"code\":\"Inner\",\"message\":\"inner\"},\"code\":\"content_filter\",\"message\":\"m\"}}|m|content_filter|-",
                "Anthropic|{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"m\"},\"request_id\":\"r\"}|m|-|overloaded_error",
                "Groq|{\"error\":{\"message\":\"m\",\"type\":\"invalid_request_error\",\"code\":\"tool_use_failed\",\"failed_generation\":\"<tool>\"}}|m|tool_use_failed|invalid_request_error",
                "AWS|{\"__type\":\"com.amazon.coral.service#ExpiredTokenException\",\"message\":\"m\"}|m|-|ExpiredTokenException",
                "AWS, short|{\"Message\":\"m\",\"__type\":\"ThrottlingException\"}|m|-|ThrottlingException",
                "in a list|[{\"error\":{\"code\":400,\"message\":\"m\",\"status\":\"INVALID_ARGUMENT\"}}]|m|400|INVALID_ARGUMENT",
                "cut|{\"error\":{\"message\":\"m\",\"code\":\"c\",\"par|m|c|-",
                "code is an object|{\"error\":{\"code\":{\"a\":1},\"message\":\"m\",\"type\":\"t\"}}|m|-|t",
                "nothing known|{\"a\":{\"b\":[1,{\"message\":\"no\"}]}}|``|-|-",
                "text|upstream connect error|upstream connect error|-|-",
                "HTML|<html><body>503</body></html>|a page of HTML|-|-",
                "broken|{\"error\"|an answer that is cut or no JSON|-|-",
            })
    void shapes(String name, String body, String message, String code, String type) {
        ErrorBody read = ErrorBody.parse(body);
        assertThat(new ErrorBody(read.message(), read.code(), read.type()))
                .isEqualTo(new ErrorBody(message, code, type));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            quoteCharacter = '`',
            value = {
                "Google, a minute|{\"error\":{\"code\":429,\"message\":\"m\",\"status\":\"RESOURCE_EXHAUSTED\",\"details\":[{\"@type\":\"q\",\"violations\":[{\"quotaId\":\"PerMinute\"}]},{\"@type\":\"r\",\"retryDelay\":\"34.07s\"}]}}|PerMinute|PT34.07S",
                "Google, key|{\"error\":{\"code\":400,\"message\":\"m\",\"details\":[{\"reason\":\"API_KEY_INVALID\"}]}}|API_KEY_INVALID|-",
                "Azure|{\"error\":{\"code\":\"content_filter\",\"message\":\"m\",\"innererror\":{\"code\":\"Inner\"}}}|Inner|-",
                "Anthropic|{\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\",\"message\":\"m\",\"details\":{\"error_code\":\"enforced_spend_limit_reached\"}}}|enforced_spend_limit_reached|-",
                "text for details|{\"error\":{\"message\":\"m\",\"details\":\"none\"}}|-|-",
                "broken delay|{\"error\":{\"message\":\"m\",\"details\":[{\"retryDelay\":\"soon\"}]}}|-|-",
            })
    void details(String name, String body, String reason, Duration retryAfter) {
        ErrorBody read = ErrorBody.parse(body);
        assertThat(read.message()).isEqualTo("m");
        assertThat(read.reasons()).isEqualTo(reason == null ? List.of() : List.of(reason));
        assertThat(read.retryAfter()).isEqualTo(retryAfter);
    }

    @Test
    void whatARouterRepeatsHasTheFinerCodes() {
        ErrorBody read = ErrorBody.parse("{\"error\":{\"code\":400,\"message\":\"m\",\"metadata\":{\"raw\":"
                + "\"{\\\"error\\\":{\\\"code\\\":\\\"context_length_exceeded\\\",\\\"type\\\":\\\"t\\\"}}\"}}}");
        assertThat(read.reasons()).containsExactly("context_length_exceeded", "t");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            nullValues = "-",
            value = {
                "{\"type\":\"error\",\"error\":{\"type\":\"t\",\"message\":\"m\"},\"request_id\":\"r\"}|r",
                "{\"request_id\":\"r\",\"error\":{\"message\":\"m\"}}|r",
                "{\"message\":\"m\",\"request_id\":\"r\"}|r",
                "{\"message\":\"m\",\"request_id\":null}|-",
                "{\"message\":\"m\",\"request_id\":{\"a\":1}}|-",
            })
    void requestId(String body, String id) {
        assertThat(ErrorBody.parse(body).requestId()).isEqualTo(id);
    }

    @Test
    void emptyBodySaysNothing() {
        assertThat(ErrorBody.parse(" \n")).isEqualTo(new ErrorBody("", null, null));
    }

    @Test
    void everyCutOfABodyIsRead() {
        String body = "[{\"error\":{\"message\":[\"a\",{\"detail\":\"b\"}],\"code\":{\"x\":[1]},\"type\":\"t\"}}]";
        for (int length = 0; length <= body.length(); length++) {
            assertThat(ErrorBody.parse(body.substring(0, length))).isNotNull();
        }
    }

    @Test
    void everyCutOfAnObjectIsAnErrorForWhoReadsOn() {
        String body = "{\"message\":[\"a\",{\"detail\":\"b\"}],\"code\":\"c\",\"error\":{\"type\":\"t\"}}";
        for (int length = 1; length < body.length(); length++) {
            String cut = body.substring(0, length);
            assertThatThrownBy(() -> {
                        try (JsonParser json = Calls.JSON.createParser(cut)) {
                            json.nextToken();
                            ErrorBody.read(json);
                        }
                    })
                    .as(cut)
                    .isInstanceOf(JsonProcessingException.class);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"msg\":\"ok\",\"code\":0,\"error\":null}|false",
                "{\"msg\":\"ok\",\"error\":\"\"}|false",
                "{\"msg\":\"ok\",\"error\":false}|false",
                "{\"error\":\"m\"}|true",
                "{\"error\":{\"code\":500}}|true",
            })
    void onlyAFieldNamedErrorMakesAnAnswerAnError(String body, boolean expected) throws IOException {
        ErrorBody.Fields fields = new ErrorBody.Fields();
        try (JsonParser json = Calls.JSON.createParser(body)) {
            json.nextToken();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String field = json.currentName();
                json.nextToken();
                assertThat(fields.read(field, json)).isTrue();
            }
        }
        assertThat(fields.found(true) != null).isEqualTo(expected);
        assertThat(fields.found(false)).isNotNull();
    }

    @Test
    void codeComesBeforeType() {
        assertThat(new ErrorBody("", "c", "t").codeOrType()).contains("c");
        assertThat(new ErrorBody("", null, "t").codeOrType()).contains("t");
        assertThat(new ErrorBody("", null, null).codeOrType()).isEmpty();
    }
}
