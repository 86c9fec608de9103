/** Guardrails: personal data is masked on its way to a model and back. */
@NullMarked
package dev.plinth.governance.guardrails;

import org.jspecify.annotations.NullMarked;
