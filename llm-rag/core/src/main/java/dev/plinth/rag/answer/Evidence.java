package dev.plinth.rag.answer;

/**
 * How well what was found fits a question, in two numbers.
 *
 * @param similarity the highest cosine between the question, or what was searched for it, and a sentence of the found
 *     chunks; its scale is the embedding model's own
 * @param coverage the highest share, 0 to 1, of the question's words that one of the found chunks has, headings
 *     included
 */
public record Evidence(double similarity, double coverage) {}
