"""Jobs of the account face. Tokens are made in the job that mails them, so that no table ever holds one (S17)."""

from __future__ import annotations

from tresen.channels.mail.account_mail import account_mailbox, send_account_mail
from tresen.channels.mail.models import Mailbox
from tresen.channels.mail.outbox import may_answer_automatically
from tresen.core.people.accounts import is_activated, mint_invitation, sweep_accounts
from tresen.core.people.identities import fold_mail
from tresen.core.people.mail_sign_in import may_enter, mint_sign_in, sweep_sign_ins
from tresen.core.people.models import Brand, Identity, User
from tresen.faces.account.mails import factor_mail, invitation_mail, reset_mail, sign_in_mail
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


@job("account.sign_in", queue="mail-out", outside=True)
def send_sign_in(*, address: str, brand_id: int = 0) -> None:
    """Mails a link to sign in, if that is an address by which a customer may; `brand_id`: at whose host he asked."""
    identity = Identity.objects.filter(kind="mail", folded=fold_mail(address)).select_related("contact__user").first()
    if identity and may_enter(identity):
        brand = Brand.objects.filter(pk=brand_id, is_active=True).first()
        mailbox = brand.mailboxes.filter(is_active=True).order_by("pk").first() if brand else None
        if identity.verified_at is None and not _may_mail_stranger(identity, mailbox or account_mailbox()):
            return
        language = identity.contact.language or (brand or Brand.objects.default()).language
        subject, text = sign_in_mail(mint_sign_in(identity), language, brand)
        send_account_mail(to=identity.value, language=language, subject=subject, text=text, mailbox=mailbox)


def _may_mail_stranger(identity: Identity, mailbox: Mailbox | None) -> bool:
    """An address that nobody has confirmed gets no more than the caps of automatic mail allow."""
    return may_answer_automatically(identity.value, mailbox_id=mailbox.pk if mailbox else 0, verified=False)


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
    sweep_sign_ins()
