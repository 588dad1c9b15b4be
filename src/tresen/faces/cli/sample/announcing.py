"""What the sample desk has announced: a disturbance that lasts, planned work to come, and what was."""

from __future__ import annotations

from datetime import datetime, timedelta

from tresen.core.announcements.choices import Stage
from tresen.core.announcements.models import Affected, AnnouncedTicket, Announcement, AnnouncementUpdate
from tresen.core.announcements.services import create_announcement, post_update, publish
from tresen.core.people.models import Agent
from tresen.core.tickets.models import Ticket
from tresen.faces.cli.sample.house import BY, House
from tresen.kit import clock
from tresen.spine.events.models import Event

VPN = {
    "de": "VPN in Bremen bricht alle 20 Minuten ab",
    "en": "VPN in Bremen drops every 20 minutes",
    "pl": "VPN w Bremie zrywa połączenie co 20 minut",
}
VPN_TEXT = {
    "de": "Betroffen ist der Standort Bremen. Bitte verbinden Sie sich solange über den zweiten Eingang. Sie brauchen"
    " es nicht zu melden: Mit „Betrifft mich auch“ erfahren Sie, wenn es wieder geht.",
    "en": "The Bremen site is affected. Please connect by the second way in until then. You need not report it: with"
    " “Me too” you hear when it works again.",
    "pl": "Problem dotyczy lokalizacji w Bremie. Do czasu naprawy prosimy łączyć się drugim dostępem. Nie trzeba tego"
    " zgłaszać: po wybraniu „Mnie też to dotyczy” powiadomimy, gdy wszystko znów zadziała.",
}
VPN_UPDATE = {
    "de": "Eine Netzkarte im Gateway ist defekt. Der Techniker tauscht sie heute nach 19 Uhr.",
    "en": "A network card in the gateway is broken. The technician replaces it tonight after 7 pm.",
    "pl": "Uszkodzona jest karta sieciowa w bramie. Technik wymieni ją dziś po godz. 19.",
}
WORK = {
    "de": "Wartung der Mailserver",
    "en": "Mail servers: maintenance",
    "pl": "Konserwacja serwerów pocztowych",
}
WORK_TEXT = {
    "de": "Mails kommen in dieser Zeit verzögert an, es geht keine verloren.",
    "en": "Mail arrives late during that time, none is lost.",
    "pl": "W tym czasie wiadomości docierają z opóźnieniem, żadna nie zaginie.",
}
PRINT = {
    "de": "Drucker im Lager nicht erreichbar", "en": "Printers in the warehouse cannot be reached",
    "pl": "Drukarki w magazynie są niedostępne",
}  # fmt: skip
PRINT_OVER = {
    "de": "Der Verteiler läuft wieder, gedruckt wird seit 10 Uhr.",
    "en": "The switch is running again; printing works since 10 am.",
    "pl": "Przełącznik znów działa, drukowanie jest możliwe od godz. 10.",
}


def add_announcements(tickets: list[Ticket], house: House, *, now: datetime) -> None:
    """Announces them, each at its own time; nobody is mailed."""
    agent = next(iter(house.agents.values()))
    lasting = _announce(
        house,
        agent,
        titles=VPN,
        texts=VPN_TEXT,
        severity="part",
        begins_at=now - timedelta(hours=3),
        brands=[brand for brand in house.brands.values() if brand.is_default],
    )
    post_update(lasting, stage=Stage.IDENTIFIED, texts=VPN_UPDATE, agent=agent, by=BY)
    for ticket in [ticket for ticket in tickets if "VPN" in ticket.subject][:2]:
        AnnouncedTicket.objects.create(announcement=lasting, ticket=ticket, at=now)
        Affected.objects.get_or_create(
            announcement=lasting, contact=ticket.requester, defaults={"at": now, "brand": ticket.brand}
        )
    begin = max(now, clock.now()) + timedelta(days=3)  # whatever day it is loaded: still to come
    _announce(
        house, agent, kind="planned_work", titles=WORK, texts=WORK_TEXT, begins_at=begin,
        ends_at=begin + timedelta(hours=4),
    )  # fmt: skip
    for days in (12, 47):
        begun = now - timedelta(days=days)
        past = _announce(house, agent, titles=PRINT, texts={}, severity="down", begins_at=begun)
        update = post_update(past, stage=Stage.SOLVED, texts=PRINT_OVER, agent=agent, by=BY)
        over = begun + timedelta(hours=2)
        AnnouncementUpdate.objects.filter(pk=update.pk).update(at=over)
        Announcement.objects.filter(pk=past.pk).update(over_at=over, created_at=begun, published_at=begun)
    Event.objects.filter(kind__startswith="announcement.").update(at=now)


def _announce(house: House, agent: Agent, **fields: object) -> Announcement:
    wanted = {"kind": "disturbance", "language": "de", **fields}
    return publish(create_announcement(set=wanted, agent=agent, by=BY), by=BY)
