"""Decisions in plain Python: facts and asked facts in, changes out. No I/O, no clock."""
