"""Cross-cutting ports: what every sub-domain may need from outside."""
