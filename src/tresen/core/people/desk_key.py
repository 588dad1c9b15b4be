"""The database names the secret key it was made with, so that it is never used with another one unnoticed.

A new key made beside a database that stands elsewhere would lock every sealed password and kill every link.
"""

from __future__ import annotations

from django.db import connection

from tresen.core.people.models import DeskKey
from tresen.kit.crypto import key_id

ROW = 1


class OtherKey(Exception):
    """The database was made with another secret key than the one this process has."""


def check_key() -> None:
    """Compares the present secret key with the one the database was made with; an unnamed database names it now.

    A database without tables has nothing to compare. Raises OtherKey, and django.db.Error when it cannot be read.
    """
    if DeskKey._meta.db_table not in connection.introspection.table_names():
        return
    row, _ = DeskKey.objects.get_or_create(pk=ROW, defaults={"key_id": key_id()})
    if row.key_id != key_id():
        raise OtherKey
