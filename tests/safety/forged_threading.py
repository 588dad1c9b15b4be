"""Ways to pretend that a mail belongs to a ticket: our own ids and reply addresses, cut, bent and mixed. Made here.

An id of ours is `<random.kind.ticket.message.key.mac@domain>`, a reply address `local+ticket.kind.key.mac@domain`.
"""

from __future__ import annotations

from collections.abc import Iterator

PLACES = ("In-Reply-To", "References", "both", "last of many", "with comments")


def forged_ids(target: str, own: str, *, number: str) -> Iterator[tuple[str, str]]:
    """Name and Message-ID of every forgery of `target`, an id of the ticket that is attacked.

    `own`: an id with a valid MAC that the attacker really got, of another ticket; `number`: what is attacked.
    """
    local, _, domain = target.strip("<>").partition("@")
    random, kind, ticket, message, key, mac = local.split(".")
    _, _, _, _, own_key, own_mac = own.strip("<>").partition("@")[0].split(".")

    def made(*fields: str) -> str:
        return f"<{'.'.join(fields)}@{domain}>"

    yield "no MAC", made(random, kind, ticket, message, key)
    yield "neither key nor MAC", made(random, kind, ticket, message)
    yield "an empty MAC", made(random, kind, ticket, message, key, "")
    yield "one letter of the MAC changed", made(random, kind, ticket, message, key, _bent(mac))
    yield "a MAC of the same letters", made(random, kind, ticket, message, key, mac[::-1])
    yield "a MAC of nothing but a", made(random, kind, ticket, message, key, "a" * 26)
    yield "a MAC cut short", made(random, kind, ticket, message, key, mac[:-1])
    yield "a MAC too long", made(random, kind, ticket, message, key, mac + "a")
    yield "the MAC of another ticket", made(random, kind, ticket, message, own_key, own_mac)
    yield "one's own id under another number", own.replace(own.split(".")[2], ticket, 1)
    yield "another message", made(random, kind, ticket, str(int(message) + 1), key, mac)
    yield "another kind", made(random, "n" if kind != "n" else "r", ticket, message, key, mac)
    yield "another random part", made(_bent(random), kind, ticket, message, key, mac)
    yield "an unknown key", made(random, kind, ticket, message, "zzzz", mac)
    yield "no key", made(random, kind, ticket, message, "", mac)
    yield "leading zeros", made(random, kind, f"0{ticket}", message, key, mac)
    yield "other digits", made(random, kind, ticket.translate(_ARABIC), message, key, mac)
    for guess in (number, f"ticket-{number}", f"ticket.{ticket}", f"{ticket}.{message}", f"{kind}.{ticket}.{message}"):
        yield f"the guess {guess}", f"<{guess}@{domain}>"


def forged_addresses(target: str, own: str, *, number: str, an_id: str) -> Iterator[tuple[str, str]]:
    """Name and address of every forgery of the reply address `target`; `an_id`: a valid Message-ID of the ticket."""
    local, _, domain = target.partition("@")
    plain, _, tail = local.partition("+")
    ticket, kind, key, mac = tail.split(".")
    own_mac = own.partition("@")[0].rpartition(".")[2]
    id_key, id_mac = an_id.strip("<>").partition("@")[0].split(".")[4:]

    def made(*fields: str) -> str:
        return f"{plain}+{'.'.join(fields)}@{domain}"

    yield "no MAC", made(ticket, kind, key)
    yield "only the ticket", made(ticket)
    yield "only the number", made(number)
    yield "only the number in small letters", made(number.lower())
    yield "ticket and kind", made(ticket, kind)
    yield "an empty MAC", made(ticket, kind, key, "")
    yield "one letter of the MAC changed", made(ticket, kind, key, _bent(mac))
    yield "a MAC cut short", made(ticket, kind, key, mac[:-1])
    yield "a MAC too long", made(ticket, kind, key, mac + "a")
    yield "a MAC of nothing but a", made(ticket, kind, key, "a" * 26)
    yield "the MAC of another ticket", made(ticket, kind, key, own_mac)
    yield "the MAC of a Message-ID", made(ticket, kind, id_key, id_mac)
    yield "another kind", made(ticket, "n", key, mac)
    yield "an unknown key", made(ticket, kind, "zzzz", mac)
    yield "leading zeros", made(f"0{ticket}", kind, key, mac)


def threaded(place: str, header_id: str) -> dict[str, str]:
    """The headers that carry an id, in one of the places where programs put it."""
    if place == "both":
        return {"In-Reply-To": header_id, "References": header_id}
    if place == "last of many":
        return {"In-Reply-To": "<x@evil.example>", "References": f"<1@evil.example> <2@evil.example> {header_id}"}
    if place == "with comments":
        return {"In-Reply-To": f"Your message of today (was: {header_id}) {header_id}"}
    return {place: header_id}


_ARABIC = {ord("0") + digit: 0x0660 + digit for digit in range(10)}


def _bent(word: str) -> str:
    """The word with its last letter changed into another of base32; the whole letter counts, not only spare bits."""
    return word[:-2] + ("b" if word[-2] != "b" else "c") + word[-1]
