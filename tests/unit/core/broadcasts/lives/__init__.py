"""The state machine of ``test_lives``: who does what to broadcasts, and what must hold whatever they do."""
