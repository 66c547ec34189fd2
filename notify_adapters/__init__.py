"""Real technology behind the ports of notify_core: a folder per port family, a module per technology."""
