package dev.plinth.rag.connectors.web;

/**
 * How far a crawl goes.
 *
 * @param depth how many links are followed one after the other
 * @param pages the most that are known at the same time
 * @param queries the most addresses that links lead to which differ in nothing but their queries
 */
record Bounds(int depth, int pages, int queries) {}
