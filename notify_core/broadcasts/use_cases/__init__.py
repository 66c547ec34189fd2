"""What can be done with emergency broadcasts: one verb a module."""
