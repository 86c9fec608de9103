package com.openai.client;

/** Stands for the client of a vendor's SDK, by its package. */
public final class FakeClient {}
