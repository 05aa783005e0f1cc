"""Tests of the local stack, its mail catcher, and what installs it."""
