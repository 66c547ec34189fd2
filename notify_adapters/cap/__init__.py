"""Reading CAP documents from strangers."""
