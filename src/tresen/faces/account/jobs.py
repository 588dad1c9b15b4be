"""Jobs of the account face. Tokens are made in the job that mails them, so that no table ever holds one (S17)."""

from __future__ import annotations

from tresen.channels.mail.account_mail import send_account_mail
from tresen.core.people.accounts import is_activated, mint_invitation, sweep_accounts
from tresen.core.people.models import Brand, User
from tresen.faces.account.mails import factor_mail, invitation_mail, reset_mail
from tresen.spine.events.models import Event
from tresen.spine.jobs.registry import job


@job("account.reset", queue="mail-out", outside=True)
def send_reset(*, user_id: int, brand_id: int = 0) -> None:
    """Mails the link for a new password to the stored address; 0 stands for an address that nobody has. `brand_id`: at
    whose host it was asked for; an agent's link leads to the desk all the same."""
    user = User.objects.select_related("agent").filter(pk=user_id, is_active=True).first()
    if user:
        brand = None if user.agent_or_none else Brand.objects.filter(pk=brand_id, is_active=True).first()
        subject, text = reset_mail(user, brand)
        send_account_mail(to=user.email, language=user.language, subject=subject, text=text)


@job("account.invite", queue="mail-out", outside=True)
def send_invitation(*, user_id: int) -> None:
    """Mails a fresh invitation to an account that is not active yet."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user and not is_activated(user):
        subject, text = invitation_mail(user, mint_invitation(user))
        send_account_mail(to=user.email, language=user.language, subject=subject, text=text)


@job("account.factor", queue="mail-out", outside=True)
def send_factor_mail(*, event_id: int) -> None:
    """Tells the person what has changed about the second factor."""
    event = Event.objects.get(pk=event_id)
    user = User.objects.filter(pk=event.stream_id, is_active=True).first()
    if user:
        subject, text = factor_mail(user, event)
        send_account_mail(to=user.email, language=user.language, subject=subject, text=text)


@job("account.sweep")
def sweep() -> None:
    """Removes sessions and links that are over."""
    sweep_accounts()
