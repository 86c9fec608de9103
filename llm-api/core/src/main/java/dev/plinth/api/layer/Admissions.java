package dev.plinth.api.layer;

import dev.plinth.api.context.CallContext;
import dev.plinth.api.model.ModelInfo;

/** Two rules, of which both have to agree. */
record Admissions(Admission first, Admission second) implements Admission {

    @Override
    public void check(ModelInfo target, CallContext context) {
        first.check(target, context);
        second.check(target, context);
    }

    @Override
    public void enter(ModelInfo target, CallContext context) {
        first.enter(target, context);
        second.enter(target, context);
    }
}
