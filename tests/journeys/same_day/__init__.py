"""Journeys within one business day: they share a stack, whose clock shows the afternoon of Monday, 2 March 2026."""
