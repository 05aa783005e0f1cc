"""The way in for operators: commands that run once, one a file; those of every service live in ``shared``."""
