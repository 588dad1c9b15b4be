"""Addresses with a plus: `help+netz@…` goes to the team, `help+t@…` to the brand, `help+t.netz@…` to both.

What stands behind the plus is a wish of the sender, not evidence: it decides where a new ticket begins, nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence

from tresen.channels.mail.models import Mailbox
from tresen.core.people.identities import fold_mail
from tresen.core.people.models import Brand, Team

MOST_ADDRESSES = 100


def tags_of(addresses: Sequence[str], *, mailbox: Mailbox) -> list[str]:
    """The words behind the plus in those of the addresses that are this mailbox, in order."""
    local, _, domain = fold_mail(mailbox.address).rpartition("@")
    found: list[str] = []
    for address in addresses[:MOST_ADDRESSES]:
        plain, _, host = fold_mail(address.strip().strip("<>")).rpartition("@")
        name, plus, tag = plain.partition("+")
        if plus and host == domain and name == local:
            found.extend(part for part in tag.split(".") if part)
    return list(dict.fromkeys(found))[:10]


def team_and_brand(tags: Sequence[str]) -> tuple[Team | None, Brand | None]:
    """The team and the brand that the words name, if they are in use."""
    if not tags:
        return None, None
    teams = {team.slug: team for team in Team.objects.active().filter(slug__in=tags)}
    letters = [tag.upper() for tag in tags]
    brands = {brand.letters: brand for brand in Brand.objects.filter(letters__in=letters, is_active=True)}
    team = next((teams[tag] for tag in tags if tag in teams), None)
    return team, next((brands[word] for word in letters if word in brands), None)


def addresses_with(tag: str) -> list[str]:
    """The address with that word of every active mailbox, for a settings page."""
    listed = Mailbox.objects.filter(is_active=True).order_by("address").values_list("address", flat=True)
    halves = (address.rpartition("@") for address in listed)
    return [f"{local}+{tag}@{domain}" for local, _, domain in halves if len(local) + len(tag) < 64]
