"""Holding a program, a state or a preview against the policies."""
