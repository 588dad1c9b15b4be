"""How often may somebody write to us? Strangers are counted by place and by the address they name."""

from __future__ import annotations

from tresen.core.people.identities import fold_mail
from tresen.core.people.models import Contact
from tresen.spine.limits.services import hit, reached

HOUR = 3600
REQUESTS_A_PLACE, REQUESTS_AN_ADDRESS, REQUESTS_A_CONTACT = 5, 3, 20
ANSWERS = 30
HELPED_A_PLACE = 20
READS_A_PLACE, OPINIONS_A_PLACE, OPINIONS_A_PLACE_AND_ARTICLE = 300, 30, 10
SEARCHES_A_PLACE, OFFERS_A_PLACE = 60, 120
LINKS_A_PLACE, LINKS_AN_ADDRESS = 20, 1
ME_TOO_A_PLACE, SUBSCRIBED_A_PLACE = 50, 20


def too_many_requests(*, place: str, address: str) -> bool:
    """Whether a stranger has used up what he may send; counts nothing, so that no work is done for those who have."""
    return reached("portal:place", place, limit=REQUESTS_A_PLACE) or reached(
        "portal:address", fold_mail(address), limit=REQUESTS_AN_ADDRESS
    )


def count_request(*, place: str, address: str) -> bool:
    """Counts a stranger's request; False when it is one too many."""
    folded = fold_mail(address)
    return hit("portal:place", place, limit=REQUESTS_A_PLACE, seconds=HOUR) and hit(
        "portal:address", folded, limit=REQUESTS_AN_ADDRESS, seconds=HOUR
    )


def count_contact_request(contact: Contact) -> bool:
    """Counts the request of somebody who is signed in; False when it is one too many."""
    return hit("portal:contact", str(contact.pk), limit=REQUESTS_A_CONTACT, seconds=HOUR)


def count_answer(ticket_id: int, contact: Contact) -> bool:
    """Counts an answer on a ticket; False when it is one too many within an hour."""
    return hit("portal:answer", f"{ticket_id} {contact.pk}", limit=ANSWERS, seconds=HOUR)


def is_first_time(key: str) -> bool:
    """True once for the key of a form: sent twice (a double click, a reload) it is done once. Belongs into the
    transaction of what is done."""
    return hit("portal:form", key, limit=1, seconds=24 * HOUR)


def count_help(key: str, place: str) -> bool:
    """Counts that a guide has helped; False for a form sent twice, or when there were too many from this place: then no
    row is written, either."""
    if reached("portal:guide", place, limit=HELPED_A_PLACE):
        return False
    return is_first_time(key) and hit("portal:guide", place, limit=HELPED_A_PLACE, seconds=HOUR)


def count_article_read(place: str) -> bool:
    """Counts that an article was read; False when there were too many from this place."""
    return hit("portal:read", place, limit=READS_A_PLACE, seconds=HOUR)


def count_opinion(article_id: int, place: str) -> bool:
    """Counts a vote on an article; False when there were too many from this place, of all or on this one."""
    return hit("portal:opinion", place, limit=OPINIONS_A_PLACE, seconds=HOUR) and hit(
        "portal:opinion-on", f"{article_id} {place}", limit=OPINIONS_A_PLACE_AND_ARTICLE, seconds=HOUR
    )


def count_search(place: str) -> bool:
    """Counts a search; False when there were too many within the minute."""
    return hit("portal:search", place, limit=SEARCHES_A_PLACE, seconds=60)


def count_offer(place: str) -> bool:
    """Counts that articles are offered while a subject is typed; False when there were too many within the minute."""
    return hit("portal:offered", place, limit=OFFERS_A_PLACE, seconds=60)


def count_links_place(place: str) -> bool:
    """Counts a wish for one's links; False when there were too many from this place."""
    return hit("portal:links-place", place, limit=LINKS_A_PLACE, seconds=HOUR)


def count_links(address: str) -> bool:
    """Counts a wish for the links of an address; False when they were sent within the hour."""
    return hit("portal:links", fold_mail(address), limit=LINKS_AN_ADDRESS, seconds=HOUR)


def count_me_too(announcement_id: int, place: str) -> bool:
    """Counts that a guest says ‘me too’; False when there were too many from this place."""
    return hit("portal:me-too", f"{announcement_id} {place}", limit=ME_TOO_A_PLACE, seconds=24 * HOUR)


def count_subscription(place: str) -> bool:
    """Counts a wish for news by mail; False when there were too many from this place."""
    return hit("portal:subscribe", place, limit=SUBSCRIBED_A_PLACE, seconds=HOUR)
