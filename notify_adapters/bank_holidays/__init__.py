"""On which days nothing is printed or delivered."""
