"""What signing in with OAuth 2 needs to keep: our registration with a provider, a permission on its way, one given."""

from __future__ import annotations

from django.db import models

from tresen.kit.crypto import open_seal, seal


class OAuthApp(models.Model):
    """Tresen as a provider knows it: registered there by an administrator, for the whole desk."""

    provider = models.CharField(max_length=10, unique=True)
    client_id = models.CharField(max_length=200)
    secret_sealed = models.TextField(blank=True, default="")
    # Microsoft's directory; its own name or `organizations`.
    tenant = models.CharField(max_length=100, blank=True, default="")

    def set_secret(self, plain: str) -> None:
        """Seals the client's secret for this provider and this client."""
        self.secret_sealed = seal(plain, place=self._place()) if plain else ""

    @property
    def secret(self) -> str:
        """The client's secret, or empty. Raises crypto.SealBroken."""
        return open_seal(self.secret_sealed, place=self._place()) if self.secret_sealed else ""

    def _place(self) -> str:
        return f"oauth-app:{self.provider}:{self.client_id}"


class OAuthGrant(models.Model):
    """The permission to sign in as one account, given by its owner; for one mailbox at one provider."""

    mailbox = models.OneToOneField("mail.Mailbox", on_delete=models.CASCADE, related_name="grant")
    provider = models.CharField(max_length=10)
    refresh_sealed = models.TextField()
    access_sealed = models.TextField(blank=True, default="")
    access_until = models.DateTimeField(null=True)
    granted_at = models.DateTimeField()

    def keep(self, *, refresh: str = "", access: str = "") -> None:
        """Seals what the provider gave for this provider and this mailbox; what is empty stays as it was."""
        if refresh:
            self.refresh_sealed = seal(refresh, place=self._place("refresh"))
        if access:
            self.access_sealed = seal(access, place=self._place("access"))

    def opened(self, what: str) -> str:
        """The `refresh` or `access` token. Raises crypto.SealBroken."""
        sealed = getattr(self, f"{what}_sealed")
        return open_seal(sealed, place=self._place(what)) if sealed else ""

    def _place(self, what: str) -> str:
        return f"oauth:{what}:{self.provider}:{self.mailbox_id}"


class OAuthRequest(models.Model):
    """A permission that has been asked for: somebody is at the provider's page just now."""

    mailbox = models.OneToOneField("mail.Mailbox", on_delete=models.CASCADE, related_name="oauth_request")
    provider = models.CharField(max_length=10)
    # Browser flow: the hash of `state`. Device flow: empty.
    state_hash = models.CharField(max_length=64, blank=True, default="", db_index=True)
    # The code verifier (RFC 7636) or the device code (RFC 8628), sealed.
    secret_sealed = models.TextField()
    user_code = models.CharField(max_length=40, blank=True, default="")
    address = models.CharField(max_length=2000, help_text="where the owner goes")
    seconds = models.PositiveSmallIntegerField(default=5, help_text="between two questions whether he has said yes")
    expires_at = models.DateTimeField()
    fault = models.CharField(max_length=300, blank=True, default="")
    asked_by = models.ForeignKey("people.Agent", null=True, on_delete=models.SET_NULL, related_name="+")

    def keep(self, plain: str) -> None:
        """Seals verifier or device code for this mailbox."""
        self.secret_sealed = seal(plain, place=f"oauth-request:{self.provider}:{self.mailbox_id}")

    @property
    def secret(self) -> str:
        """Verifier or device code. Raises crypto.SealBroken."""
        return open_seal(self.secret_sealed, place=f"oauth-request:{self.provider}:{self.mailbox_id}")
