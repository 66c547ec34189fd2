"""``notify broadcasts``: a module a command."""
