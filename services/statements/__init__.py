"""Statements: who gets an account statement, when, with what in it, and what became of it."""
