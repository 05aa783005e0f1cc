"""Journeys within one business day: they share a stack, on whose clock it stays Monday, 2 March 2026, from five in the afternoon."""
