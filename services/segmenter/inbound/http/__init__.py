"""The segmenter over HTTP: one file a noun, each translating words and calling one use case."""
