"""Why a service may say no. The face puts it into words."""

from __future__ import annotations


class AccountExists(Exception):
    """There is already an account with this address."""


class NameTaken(Exception):
    """There is already one with this name."""


class InUse(Exception):
    """It cannot be put to rest or given up while something needs it; `users` says what, in plain names."""

    def __init__(self, users: list[str]) -> None:
        super().__init__("still in use")
        self.users = users


class LastAdministrator(Exception):
    """Without this administrator nobody could change the settings any more."""
