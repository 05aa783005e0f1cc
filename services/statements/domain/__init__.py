"""Decisions in plain Python: values in, values out; no I/O, no clock."""
