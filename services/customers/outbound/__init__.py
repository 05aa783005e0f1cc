"""Facts in wire words."""
