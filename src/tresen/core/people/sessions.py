"""Server-side sessions whose row names the account. The cookie holds the key; the table holds its hash."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.db.models import QuerySet

from tresen.core.people.models import Session, User
from tresen.kit.crypto import token_hash
from tresen.kit.prepared import prepared

# Agents are signed out after so long without a request, and after so long in any case.
IDLE = timedelta(hours=9)
LONGEST = timedelta(days=7)


@prepared
def _alive(key: str, now: datetime) -> QuerySet[Session]:
    rows = Session.objects.select_related("user__agent__role", "user__contact")
    return rows.filter(session_key=key, expire_date__gt=now)


class SessionStore(DatabaseSessions):
    """Django's database sessions over our own table; a stolen table opens no session since keys are hashed there.

    A session is read together with its account: every page needs both.
    """

    _account: User | None = None

    @property
    def account(self) -> User | None:
        """The account that its row names, with the agent or contact, as they were read with the session."""
        self._get_session()  # type: ignore[attr-defined]
        return self._account

    @classmethod
    def get_model_class(cls) -> Any:
        return Session

    def _get_session_from_db(self) -> Any:
        from django.utils import timezone

        found = next(iter(_alive.rows(token_hash(self.session_key or ""), timezone.now())), None)
        self._account = found.user if found else None
        if found is None:
            self._session_key = None
        return found

    def exists(self, session_key: str) -> bool:
        return self.model.objects.filter(session_key=token_hash(session_key)).exists()

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        key = token_hash(self._get_or_create_session_key())  # type: ignore[attr-defined]
        return Session(
            session_key=key, session_data=self.encode(data), expire_date=self.get_expiry_date(),
            user_id=int(data["_auth_user_id"]) if data.get("_auth_user_id") else None,
            user_agent=str(data.get("user_agent", ""))[:300], address=str(data.get("address", ""))[:45],
            created_at=self._created_at(key),
        )  # fmt: skip

    def _created_at(self, key: str) -> Any:
        from django.utils import timezone

        found = self.model.objects.filter(session_key=key).values_list("created_at", flat=True).first()
        return found or timezone.now()

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key is not None:
            self.model.objects.filter(session_key=token_hash(key)).delete()
