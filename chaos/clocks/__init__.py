"""A folder that is put before others on the path of processes whose clock is moved."""
