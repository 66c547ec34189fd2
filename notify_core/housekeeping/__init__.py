"""What spans the sub-domains: setting accounts up from a file, and later retention and statistics."""
