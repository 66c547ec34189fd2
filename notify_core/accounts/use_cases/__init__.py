"""What accounts are asked to do."""

from notify_core.accounts.use_cases.authenticate import AuthenticateService, authenticate_admin

__all__ = ["AuthenticateService", "authenticate_admin"]
