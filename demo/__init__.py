"""The demonstration: the whole platform with real input, told as an account with timings."""
