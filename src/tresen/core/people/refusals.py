"""Why a service may say no. The face puts it into words."""

from __future__ import annotations

from django.db import IntegrityError, models, transaction


class AccountExists(Exception):
    """There is already an account with this address."""


class NameTaken(Exception):
    """There is already one with this name."""


def save_named(row: models.Model) -> None:
    """Saves a row whose name the database lets stand once only. Raises NameTaken, even for one taken this moment."""
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as fault:
        raise NameTaken from fault


class InUse(Exception):
    """It cannot be put to rest or given up while something needs it; `users` says what, in plain names."""

    def __init__(self, users: list[str]) -> None:
        super().__init__("still in use")
        self.users = users


class LastAdministrator(Exception):
    """Without this administrator nobody could change the settings any more."""
