"""Putting letters on paper."""
