"""A desk on which every address of the product leads to something: what a test needs that looks at all of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth.tokens import default_token_generator
from django.test import Client
from django.urls import reverse
from django.utils.http import urlsafe_base64_encode

from tests.cast import TEST, Cast, make_cast
from tests.house.test_access import real_addresses
from tresen.channels.mail.models import Mailbox, Outbox, RawMail
from tresen.channels.mail.spool import store_mail
from tresen.core.announcements.models import AnnouncementMail
from tresen.core.announcements.subscriptions import subscribe
from tresen.core.people.accounts import invite_agent
from tresen.core.people.models import OneTimeLink, User
from tresen.core.tickets import operations, services
from tresen.core.tickets.content import Content, prepare_file
from tresen.core.tickets.file_urls import signed_url
from tresen.core.tickets.links import mint_link
from tresen.core.tickets.models import Message, Ticket
from tresen.kit import clock
from tresen.kit.crypto import new_token, token_hash
from tresen.kit.html import SANITISER_VERSION
from tresen.service.announcing.links import confirm_token, unsubscribe_token
from tresen.service.bulk.models import BulkChange
from tresen.service.participation.links import preferences_token
from tresen.service.participation.models import Wish
from tresen.service.surveys.links import token_of
from tresen.service.surveys.models import Asked
from tresen.service.surveys.services import change_survey
from tresen.spine.events.actors import Actor
from tresen.spine.jobs.models import Job, JobState

QUERIES = {
    "desk:row": "view=all",
    "desk:live-rows": "view=all&n=T1",
    "desk:search": "q=VPN",
    "desk:contacts-find": "q=carol",
    "api:search": "query=VPN",
}
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 32


@dataclass(frozen=True)
class RealDesk:
    """The cast, a ticket with an HTML mail and a file, and every named address with real objects in it."""

    cast: Cast
    ticket: Ticket
    message: Message
    addresses: dict[str, str]

    def customer(self) -> Client:
        """Carol's browser; she has an account."""
        user = User.objects.create(email=self.cast.carol.identities.get().value, name="Carol")
        self.cast.carol.user = user
        self.cast.carol.save()
        client = Client(raise_request_exception=False)
        client.force_login(user)
        return client


def make_real_desk() -> RealDesk:
    """Everything made by the product's own services."""
    cast = make_cast()
    ticket = cast.ticket(copies=[cast.dave])
    reply = services.add_reply(ticket, by=Actor.agent(cast.anna), agent=cast.anna, content=Content("We look into it."))
    held = services.add_received(
        ticket, by=TEST, contact=cast.dave, content=Content("Me too."), channel="mail", trust="claimed", is_held=True
    )
    html = '<p>Good <b>day</b></p><img data-src="https://pictures.example/logo.png">'
    message = services.add_received(
        ticket, by=TEST, contact=cast.carol, channel="mail", trust="claimed",
        content=Content("Good day", html=html, html_source=html, html_version=SANITISER_VERSION),
        files=[prepare_file([PNG], filename="shot.png")],
    )  # fmt: skip
    ticket.refresh_from_db()
    found = _addresses(cast, ticket, message)
    own = {"held": held, "take-back": reply, "send-now": reply, "delivery": reply}
    found |= {f"desk:message-{act}": reverse(f"desk:message-{act}", args=[of.pk]) for act, of in own.items()}
    started = operations.start("bulk", agent=cast.anna)
    started.save()
    bulk = BulkChange.objects.create(operation=started, agent=cast.anna, wanted={}, created_at=clock.now())
    found["desk:bulk-change"] = reverse("desk:bulk-change", args=[bulk.pk])
    return RealDesk(cast, ticket, message, found)


def _addresses(cast: Cast, ticket: Ticket, message: Message) -> dict[str, str]:
    mail = store_mail(b"From: a@b.example\r\n\r\nx\r\n", mailbox=Mailbox.objects.get(), source="smtp")
    assert mail
    RawMail.objects.update(message=message, ticket=ticket)
    cast.token(cast.ada)
    Job.objects.all().delete()
    job = Job.objects.create(name="mail.sweep", state=JobState.FAILED, run_at=clock.now(), created_at=clock.now())
    file = message.attachments.get()
    found = real_addresses(
        cast, ticket, file_id=file.pk, attachment_id=file.pk, raw_id=mail.pk, job_id=job.pk,
        outbox_id=Outbox.objects.latest("pk").pk, token_id=cast.ada.tokens.get().pk,
        name="team", participant=ticket.participants.get(contact=cast.dave).pk,
        token=mint_link(ticket, cast.carol, by_mail=True),
    )  # fmt: skip
    # Addresses that show something only when they are asked for it.
    found |= {name: f"{found[name]}?{query}" for name, query in QUERIES.items()}
    waiting = cast.ticket("Not confirmed", is_unconfirmed=True)
    found["portal:link-confirm"] = f"/t/{mint_link(waiting, cast.carol, by_mail=True)}/confirm/"
    return {**found, "files:file": signed_url(file), **_account_links(cast), **_own_links(cast, ticket),
            **_news_links(cast)}  # fmt: skip


def _own_links(cast: Cast, ticket: Ticket) -> dict[str, str]:
    """What stands in the mail of a survey, and in that about one's own data."""
    now, token = clock.now(), new_token()
    change_survey(None, set={"is_active": True}, by=TEST)
    asked = Asked.objects.create(
        ticket=ticket,
        contact=cast.carol,
        scale="csat",
        state="asked",
        change_days=14,
        due_at=now,
        asked_at=now,
        level=1,
    )
    Wish.objects.create(
        contact=cast.carol, kind="deletion", state="ready", token_hash=token_hash(token), asked_at=now,
        expires_at=now + timedelta(days=1),
    )  # fmt: skip
    survey, own = f"/survey/{token_of(asked)}/", f"/preferences/{preferences_token(cast.carol)}/"
    return {
        "portal:survey": survey, "portal:survey-chosen": f"{survey}4/", "portal:survey-stop": f"{survey}stop/",
        "portal:preferences-link": own, "portal:preferences-link-ask": f"{own}data/",
        "portal:own-data": f"/my-data/{token}/",
    }  # fmt: skip


def _account_links(cast: Cast) -> dict[str, str]:
    """What stands in the mails of an invitation and of a forgotten password."""
    invited, token = invite_agent(email="mira@lindhafen.example", name="Mira", by=TEST), new_token()
    OneTimeLink.objects.create(
        user=invited.user, token_hash=token_hash(token), expires_at=clock.now() + timedelta(days=1)
    )
    uid = urlsafe_base64_encode(str(cast.piotr.user.pk).encode())
    reset = default_token_generator.make_token(cast.piotr.user)
    return {"account:invite": f"/invite/{token}/", "account:reset": f"/password/reset/{uid}/{reset}/"}


def _news_links(cast: Cast) -> dict[str, str]:
    """What stands in mail about announcements."""
    row = subscribe(brand=cast.brand, announcement=None, address="x@shop.example", contact=None, language="", by=TEST)
    ends = unsubscribe_token(AnnouncementMail(subscription=row))
    return {
        "portal:status-confirm": reverse("portal:status-confirm", args=[confirm_token(row)]),
        "portal:status-unsubscribe": reverse("portal:status-unsubscribe", args=[ends]),
    }
