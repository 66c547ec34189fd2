"""What an admin application asks."""
