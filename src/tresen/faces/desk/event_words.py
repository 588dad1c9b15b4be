"""The timeline's words for events, by the parts of the desk that know them."""

from __future__ import annotations

from tresen.faces.desk.announcements import event_words as announcements
from tresen.faces.desk.clocks import event_words as clocks
from tresen.faces.desk.knowledge.figures import event_words as articles
from tresen.faces.desk.learning import event_words as learning
from tresen.faces.desk.levels import event_words as levels
from tresen.faces.desk.procedures import event_words as procedures
from tresen.faces.desk.rules import event_words as rules
from tresen.faces.desk.satisfaction import event_words as satisfaction
from tresen.faces.desk.teamwork import event_words as teamwork

WORDS = {
    **teamwork.WORDS, **clocks.WORDS, **rules.WORDS, **learning.WORDS, **procedures.WORDS, **levels.WORDS,
    **satisfaction.WORDS, **articles.WORDS, **announcements.WORDS,
}  # fmt: skip
