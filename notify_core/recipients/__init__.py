"""Whom messages go to."""
