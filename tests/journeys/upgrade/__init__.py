"""One version beside the next: the same schema, the same topics, and nobody notices."""
