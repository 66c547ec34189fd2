"""The public API, as the published clients know it."""
