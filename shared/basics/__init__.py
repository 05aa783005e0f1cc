"""Values and words without I/O: money, days, text, error kinds. The domain rooms build on these alone."""
