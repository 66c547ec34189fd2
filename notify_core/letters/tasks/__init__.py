"""The background work of letters, a module for each stretch of their way."""
