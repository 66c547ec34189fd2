"""Benchmarks: each compares with a stated baseline in the same run. ``make bench`` runs them all."""
