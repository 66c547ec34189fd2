"""Looking for viruses in files: with ClamAV, or not at all."""
