"""Looking whether uploaded letters can be printed: qpdf knows what a file is made of, PDFium what it shows."""
