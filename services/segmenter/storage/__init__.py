"""Tables and queries of the segmenter's own database."""
