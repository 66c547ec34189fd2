"""Brokers: what carries the ids of due ledger rows to workers."""
