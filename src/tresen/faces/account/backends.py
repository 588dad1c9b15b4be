"""Sign-in by mail address and password, the same work for known and unknown addresses (S37)."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.hashers import check_password, make_password
from django.http import HttpRequest

from tresen.core.people.identities import fold_mail
from tresen.core.people.models import User


class PasswordBackend:
    """Django's authentication interface over our accounts."""

    def authenticate(self, request: HttpRequest | None, username: Any = None, password: Any = None) -> User | None:
        """The account, or None; an unknown address costs one hash as well."""
        if not isinstance(username, str) or not isinstance(password, str) or "\0" in username:
            return None
        user = User.objects.filter(email=fold_mail(username)).first()
        if user is None or not user.has_usable_password():
            make_password(password[:1000])
            return None
        if not check_password(password[:1000], user.password) or not user.is_active:
            return None
        return user

    def get_user(self, user_id: Any) -> User | None:
        """The account of a session, read anew on every request; a deactivated one is nobody."""
        return User.objects.select_related("agent__role", "contact").filter(pk=user_id, is_active=True).first()
