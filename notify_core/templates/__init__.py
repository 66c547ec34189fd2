"""Message texts: their versions, what is filled in, and the messages they make."""
