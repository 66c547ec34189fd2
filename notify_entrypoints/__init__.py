"""The ways in: HTTP, the command line, background workers. Only here do settings and wiring live."""
