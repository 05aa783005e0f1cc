"""One verb per file: load, decide, keep."""
