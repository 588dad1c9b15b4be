"""Finding people and organisations by the beginnings of their words: names, mail addresses, telephone numbers.

Each word stands once for its owner in `NameWord`, folded as everything the index knows, so that `mull` finds Müller and
the last digits of a number find its owner. The table is small: its index answers while somebody types.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction
from django.db.models import CharField, Lookup, Q, QuerySet

from tresen.core.people.identities import fold_phone, is_phone
from tresen.core.people.models import Contact, Organisation
from tresen.core.people.principals import Principal
from tresen.core.people.services import identities_of
from tresen.kit.prepared import prepared
from tresen.service.search.analyser import spellings, words_of
from tresen.service.search.models import NameWord
from tresen.spine.events.models import Event

CHUNK = 500
MOST_WORDS = 6
# How many last digits of a telephone number find it.
_LAST_DIGITS = range(6, 11)


# The beginnings of one typed word in all its spellings, as the database compares with them.
Beginnings = tuple[tuple[str, ...], ...]


@CharField.register_lookup
class _Like(Lookup):
    """LIKE with a pattern as it is: of `startswith` Django makes the pattern, which no prepared query could fill in."""

    lookup_name = "like"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, values = self.process_lhs(compiler, connection)
        right, more = self.process_rhs(compiler, connection)
        return f"{left} LIKE {right}", (*values, *more)


def contacts_named(people: QuerySet[Contact], text: str) -> QuerySet[Contact]:
    """Those of the contacts for whom every typed word begins one of theirs; or who have a number that ends so."""
    return people.filter(_named(_wanted(text), "contact"))


def organisations_named(organisations: QuerySet[Organisation], text: str) -> QuerySet[Organisation]:
    """Those of the organisations for which every typed word begins one of theirs."""
    return organisations.filter(_named(_wanted(text), "organisation"))


def _wanted(text: str) -> tuple[Beginnings, ...]:
    """What a name must have: for each of these one word that begins so."""
    if is_phone(text) and len(digits := fold_phone(text).lstrip("+0")) >= min(_LAST_DIGITS):
        return ((_beginning(digits),),)
    return tuple(tuple(map(_beginning, sorted(spellings(word)))) for word in words_of(text)[:MOST_WORDS])


def _beginning(word: str) -> tuple[str, ...]:
    """SQLite's LIKE knows no case and therefore no index: there it is a range."""
    return (word, word + "{") if connection.vendor == "sqlite" else (f"{word}%",)


def _named(wanted: tuple[Beginnings, ...], whose: str) -> Q:
    found = Q()
    for spelled in wanted:
        begins = Q()
        for beginning in spelled:
            begins |= _begins(*beginning)
        found &= Q(pk__in=NameWord.objects.filter(begins, **{f"{whose}__isnull": False}).values(whose))
    return found if wanted else Q(pk__in=())


def _begins(first: str, beyond: str = "") -> Q:
    return Q(word__gte=first, word__lt=beyond) if beyond else Q(word__like=first)


def index_contact(event: Event) -> None:
    """What search does when a contact is made or changed: note the words again."""
    made = event.stream_row if event.kind == "contact.created" else None
    contact = made if isinstance(made, Contact) else Contact.objects.filter(pk=event.stream_id).first()
    if event.kind != "contact.created":
        NameWord.objects.filter(contact=event.stream_id).delete()
    if contact is not None:
        NameWord.objects.bulk_create(_rows_of_contact(contact))


def index_organisation(event: Event) -> None:
    """The same for an organisation."""
    if event.kind == "organisation.created" or "name" in event.changes:
        NameWord.objects.filter(organisation=event.stream_id).delete()
        NameWord.objects.bulk_create(_rows_of_organisations(Organisation.objects.filter(pk=event.stream_id)))


def rebuild_names(*, chunk: int = CHUNK) -> int:
    """Note the words of all contacts and organisations anew; returns how many words there are."""
    with transaction.atomic():
        NameWord.objects.all().delete()
        NameWord.objects.bulk_create(_rows_of_organisations(Organisation.objects.all()), 1000)
    last = 0
    while contacts := list(Contact.objects.filter(pk__gt=last).order_by("pk").prefetch_related("identities")[:chunk]):
        with transaction.atomic():
            NameWord.objects.bulk_create([row for contact in contacts for row in _rows_of_contact(contact)], 1000)
        last = contacts[-1].pk
    return NameWord.objects.count()


def words_of_contact(name: str, identities: Iterable[tuple[str, str]]) -> set[str]:
    """The words by which a person is found; `identities` are kinds and values."""
    texts, words = [name], set()
    for kind, value in identities:
        if kind in ("phone", "fax"):
            digits = fold_phone(value).lstrip("+0")
            words |= {digits, *(digits[-count:] for count in _LAST_DIGITS)} - {""}
        else:
            texts.append(value)
    return words.union(*map(words_of_name, texts))


def words_of_name(name: str) -> set[str]:
    """The words by which a name is found."""
    return {spelling for word in words_of(name) for spelling in spellings(word)}


def _rows_of_contact(contact: Contact) -> list[NameWord]:
    identities = [(identity.kind, identity.value) for identity in identities_of(contact)]
    return [NameWord(word=word, contact=contact) for word in sorted(words_of_contact(contact.name, identities))]


def _rows_of_organisations(organisations: Iterable[Organisation]) -> list[NameWord]:
    return [NameWord(word=word, organisation=one) for one in organisations for word in sorted(words_of_name(one.name))]


def named_contacts(principal: Principal, text: str, limit: int) -> list[Contact]:
    """The first contacts whom this reader may see and the text means, by name."""
    wanted = _wanted(text)
    return _first_contacts.rows(principal, wanted, range(limit)) if wanted else []


def named_organisations(principal: Principal, text: str, limit: int) -> list[Organisation]:
    """The first organisations that this reader may see and the text means, by name."""
    wanted = _wanted(text)
    return _first_organisations.rows(principal, wanted, range(limit)) if wanted else []


@prepared
def _first_contacts(principal: Principal, wanted: tuple[Beginnings, ...], places: range) -> QuerySet[Contact]:
    found = Contact.objects.visible_to(principal).filter(_named(wanted, "contact"))
    return found.prefetch_related("identities", "organisations").order_by("name", "pk")[: len(places)]


@prepared
def _first_organisations(principal: Principal, wanted: tuple[Beginnings, ...], places: range) -> QuerySet[Organisation]:
    found = Organisation.objects.visible_to(principal).filter(_named(wanted, "organisation"))
    return found.order_by("name", "pk")[: len(places)]
