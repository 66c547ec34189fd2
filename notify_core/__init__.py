"""The rules of a notification platform, with ports for everything outside."""
