"""The words of statements, one file a language; what is in braces is filled in."""
