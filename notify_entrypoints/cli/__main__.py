"""``python -m notify_entrypoints.cli``, where the command itself is not on the path."""

from notify_entrypoints.cli import main

if __name__ == "__main__":
    main()
