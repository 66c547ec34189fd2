"""What is done with letters, a module for each stretch of their way."""
