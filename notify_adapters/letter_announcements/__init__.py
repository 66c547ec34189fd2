"""Who announces the printer's response files."""
