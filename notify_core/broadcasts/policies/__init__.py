"""Who may do what to a broadcast message, how long it may last, and what may go to a network when:
each refusal with its reason."""
