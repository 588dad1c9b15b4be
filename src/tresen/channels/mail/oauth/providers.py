"""The two providers that sign mailboxes in by OAuth 2: their addresses and servers. They stand here and nowhere else,
so that no setting can lead a token elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

from tresen.channels.mail.models import Security, SignIn


@dataclass(frozen=True)
class Server:
    """A mail server of the provider."""

    host: str
    port: int
    security: str


@dataclass(frozen=True)
class Provider:
    """Addresses hold `{tenant}` where the provider tells its customers apart. One of `devices` and `browser` is set."""

    name: str
    token: str
    scope: str
    servers: dict[str, Server]
    devices: str = ""
    browser: str = ""


TLS, STARTTLS = str(Security.TLS), str(Security.STARTTLS)
MICROSOFT_LOGIN = "https://login.microsoftonline.com/{tenant}/oauth2/v2.0"
OUTLOOK = "https://outlook.office.com"

PROVIDERS: dict[str, Provider] = {
    SignIn.MICROSOFT: Provider(
        "Microsoft 365",
        f"{MICROSOFT_LOGIN}/token",
        f"offline_access {OUTLOOK}/IMAP.AccessAsUser.All {OUTLOOK}/POP.AccessAsUser.All {OUTLOOK}/SMTP.Send",
        {
            "imap": Server("outlook.office365.com", 993, TLS),
            "pop": Server("outlook.office365.com", 995, TLS),
            "smtp": Server("smtp.office365.com", 587, STARTTLS),
        },
        devices=f"{MICROSOFT_LOGIN}/devicecode",
    ),
    SignIn.GOOGLE: Provider(
        "Google",
        "https://oauth2.googleapis.com/token",
        "https://mail.google.com/",
        {
            "imap": Server("imap.gmail.com", 993, TLS),
            "pop": Server("pop.gmail.com", 995, TLS),
            "smtp": Server("smtp.gmail.com", 587, STARTTLS),
        },
        browser="https://accounts.google.com/o/oauth2/v2/auth",
    ),
}
# Where Microsoft finds the account when no directory is named.
ANY_DIRECTORY = "organizations"
