"""The platform under load while everything around it, and of it, fails at random: see docs/chaos.md."""
