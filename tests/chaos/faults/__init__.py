"""Faults by family. Each is a function of the running stack and an amount, and proves that it happened."""
