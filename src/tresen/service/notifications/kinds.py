"""What an agent can be told of, in the order in which one thing is told once: the first kind that fits counts."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    ONCALL = "oncall", _("you are on call and a ticket needs you")
    ASSIGNED = "assigned", _("a ticket became yours")
    MENTION = "mention", _("you are asked for your part")
    ANSWER = "answer", _("an answer on a ticket of yours")
    NUDGE = "nudge", _("a customer asks for more speed")
    PARTNER = "partner", _("an answer of a partner you wrote to")
    REMINDER = "reminder", _("a reminder: a partner has not answered")
    REVIEW = "review", _("a draft waits for your review")
    WOKE = "woke", _("a ticket is awake again")
    RETURNED = "returned", _("an answer to what you handed up to the next level")
    MANAGER = "manager", _("a ticket of your team needs its lead")
    SOLVED = "solved", _("a ticket you follow is solved")
    RATED = "rated", _("a bad rating of a ticket of yours, or of a team you lead")
    ARTICLE = "article", _("a colleague reviewed an article of yours, or remarked something on it")
    LOOK = "look", _("an article you keep is to be looked at again")
    UNDELIVERED = "undelivered", _("a reply of yours did not arrive")
    RULE = "rule", _("a rule points you to a ticket")
    FOLLOWED = "followed", _("a ticket you follow has changed")


@dataclass(frozen=True)
class Ways:
    """How one is told: in the bell always, besides in the browser and by mail where one wants that."""

    browser: bool
    mail: bool


# As long as somebody has not chosen otherwise. What needs a lead leaves by mail, nothing else unasked.
USUAL = {
    Kind.ONCALL: Ways(browser=True, mail=False),
    Kind.ASSIGNED: Ways(browser=True, mail=False), Kind.MENTION: Ways(browser=True, mail=False),
    Kind.ANSWER: Ways(browser=True, mail=False), Kind.WOKE: Ways(browser=True, mail=False),
    Kind.NUDGE: Ways(browser=True, mail=False),
    Kind.PARTNER: Ways(browser=True, mail=False), Kind.REMINDER: Ways(browser=True, mail=False),
    Kind.REVIEW: Ways(browser=True, mail=False), Kind.RETURNED: Ways(browser=True, mail=False),
    Kind.MANAGER: Ways(browser=True, mail=True), Kind.SOLVED: Ways(browser=True, mail=False),
    Kind.RULE: Ways(browser=True, mail=False),
    Kind.RATED: Ways(browser=True, mail=False),
    Kind.ARTICLE: Ways(browser=True, mail=False), Kind.LOOK: Ways(browser=False, mail=False),
    Kind.UNDELIVERED: Ways(browser=True, mail=False), Kind.FOLLOWED: Ways(browser=False, mail=False),
}  # fmt: skip
