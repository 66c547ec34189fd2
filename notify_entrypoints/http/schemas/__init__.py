"""What requests and answers look like, as JSON Schema: what is checked is what is documented."""
