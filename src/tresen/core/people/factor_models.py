"""What proves besides the password that it is you: an authenticator app, passkeys, recovery codes; and whether the desk
asks for it. Imported by models.py."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from tresen.kit.crypto import open_seal, seal


class AuthenticatorApp(models.Model):
    """The app of an account that shows a new code every half minute. A row is there once a code of it was typed."""

    user = models.OneToOneField("people.User", on_delete=models.CASCADE, related_name="app")
    secret_sealed = models.CharField(max_length=300)
    # The half minute of the last code that was used: no code works twice.
    last_step = models.BigIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True)

    @staticmethod
    def sealed(user_id: int, secret: str) -> str:
        """The secret as it is kept: it opens on the row of this account alone."""
        return seal(secret, place=f"app {user_id}")

    @property
    def secret(self) -> str:
        """The secret. Raises SealBroken."""
        return open_seal(self.secret_sealed, place=f"app {self.user_id}")


class Passkey(models.Model):
    """A key that a device or a password manager holds for an account; here is its public half."""

    user = models.ForeignKey("people.User", on_delete=models.CASCADE, related_name="passkeys")
    name = models.CharField(_("name"), max_length=60)
    # SHA-256 of the key's own name, which may be 1023 bytes long.
    credential_hash = models.CharField(max_length=64, unique=True)
    data = models.BinaryField()
    counter = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class RecoveryCode(models.Model):
    """A code for the day on which app and keys are out of reach; works once. Only its MAC is kept."""

    user = models.ForeignKey("people.User", on_delete=models.CASCADE, related_name="recovery_codes")
    code_mac = models.CharField(max_length=32)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "code_mac"], name="recovery_code_once")]


class WhoNeedsFactor(models.TextChoices):
    """Of whom the desk asks for a second factor."""

    NOBODY = "nobody", _("Optional: whoever wants")
    ADMINS = "admins", _("Required for all who may change settings")
    ALL = "all", _("Required for all agents")


class SignInRule(models.Model):
    """One row at most: how agents sign in."""

    second_factor = models.CharField(
        _("second factor"), max_length=10, choices=WhoNeedsFactor.choices, default=WhoNeedsFactor.NOBODY
    )
