"""Configuration: the only reader of the environment."""

from notify_entrypoints.settings.load import load_settings
from notify_entrypoints.settings.model import AdapterChoice, Environment, Settings, SettingsError

__all__ = ["AdapterChoice", "Environment", "Settings", "SettingsError", "load_settings"]
