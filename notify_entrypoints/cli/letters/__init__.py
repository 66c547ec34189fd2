"""``notify letters``: a module a command."""
