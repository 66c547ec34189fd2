"""What the fake suppliers of texts and emails share: a scripted store in a file, and receipts that
come through the platform's own endpoints."""
