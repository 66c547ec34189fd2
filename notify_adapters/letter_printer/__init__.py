"""Places where printers fetch zips of letters."""
