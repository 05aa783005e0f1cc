"""The oracle: what the figures are, worked out again from raw facts in plain Python.

It shares no code with the product, so that the two can only agree by both being right. Straight loops, no speed.
Source: meaning.md, whose numbers the comments name.
"""
