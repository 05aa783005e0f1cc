"""HTTP: one file per noun; each function translates words and calls one use case."""
