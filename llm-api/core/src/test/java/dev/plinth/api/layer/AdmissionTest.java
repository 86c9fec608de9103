package dev.plinth.api.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.plinth.api.context.CallContext;
import dev.plinth.api.error.DeniedException;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.usage.Usage;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AdmissionTest {
    private static final ModelInfo ABROAD = ModelInfo.local("p", "abroad");
    private static final ModelInfo HERE = ModelInfo.local("p", "here");

    private final List<String> asked = new ArrayList<>();

    /** A rule that denies one model. */
    private Admission rule(String name, String denied) {
        return (target, context) -> {
            asked.add(name + " " + context.session().orElse("-"));
            if (target.model().equals(denied)) {
                throw new DeniedException(name, "o", "model: " + denied + " (expected: another)", ErrorDetails.NONE);
            }
        };
    }

    @Test
    void withoutRulesACallMayGoAnywhere() {
        assertThatCode(() -> Admission.require(ABROAD, CallContext.EMPTY)).doesNotThrowAnyException();
    }

    @Test
    void everyRuleIsAskedInTheOrderOfAddingUntilOneSaysNo() {
        CallContext context = CallContext.builder().session("s").build();
        context = Admission.add(rule("first", "nowhere"), context);
        context = Admission.add(rule("second", "abroad"), context);
        context = Admission.add(rule("third", "nowhere"), context);
        Admission.require(HERE, context);
        assertThat(asked).containsExactly("first s", "second s", "third s");
        asked.clear();
        CallContext all = context;
        assertThatExceptionOfType(DeniedException.class)
                .isThrownBy(() -> Admission.require(ABROAD, all))
                .satisfies(denied -> {
                    assertThat(denied.rule()).isEqualTo("second");
                    assertThat(denied.partialUsage()).as("nothing was sent").isEqualTo(Usage.NONE);
                });
        assertThat(asked).containsExactly("first s", "second s");
    }

    @Test
    void rulesStayWithTheirContext() {
        CallContext before = Admission.add(rule("first", "nowhere"), CallContext.EMPTY);
        CallContext after = Admission.add(rule("second", "abroad"), before);
        Admission.require(ABROAD, before);
        assertThat(asked).containsExactly("first -");
        assertThat(after).isNotSameAs(before);
        assertThatIllegalArgumentException().isThrownBy(() -> Admission.add(null, before));
    }

    @Test
    void choosingAsksAndSendingTells() {
        List<String> told = new ArrayList<>();
        Admission watching = new Admission() {
            @Override
            public void check(ModelInfo target, CallContext context) {
                told.add("check " + target.model());
            }

            @Override
            public void enter(ModelInfo target, CallContext context) {
                told.add("enter " + target.model());
            }
        };
        CallContext context = Admission.add(rule("second", "abroad"), Admission.add(watching, CallContext.EMPTY));
        assertThat(Admission.refusal(HERE, context)).isEmpty();
        DeniedException denied = Admission.refusal(ABROAD, context).orElseThrow();
        assertThat(denied.rule()).isEqualTo("second");
        assertThat(denied.partialUsage()).isEqualTo(Usage.NONE);
        Admission.require(HERE, context);
        assertThat(told).containsExactly("check here", "check abroad", "enter here");
    }
}
