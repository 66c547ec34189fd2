"""Telling services: look and act."""
