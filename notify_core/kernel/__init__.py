"""What every sub-domain builds on: errors, ids, states, tasks, text and time."""
