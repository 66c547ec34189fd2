"""Every task with its use case, the schedule, what follows from events, and the carrying out of it all."""
