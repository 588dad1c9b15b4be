"""What can be done in the knowledge base."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tresen.faces.desk.actions import having
from tresen.kit.actions import ANYWHERE, Action, Screen

WRITES, PUBLISHES = having("articles", "publish"), having("publish")
ARTICLE = Screen("article", _("On an article"), "#article")

ACTIONS = [
    Action("go-articles", _("Knowledge base"), "g k", ANYWHERE, "book", "desk:articles"),
    Action("new-article", _("New article"), "", ANYWHERE, "plus", "desk:article-new", WRITES),
    Action("go-collections", _("Collections"), "", ANYWHERE, "box", "desk:collections"),
    Action("edit-article", _("Edit the article"), "E", ARTICLE, "pen", may=WRITES),
    Action("article-versions", _("Versions of the article"), "", ARTICLE, "undo"),
    Action("article-about", _("Who reads the article, who keeps it"), "", ARTICLE, "gear", may=WRITES),
    Action("publish-article", _("Publish the article"), "", ARTICLE, "globe", may=PUBLISHES),
]
AREA = {
    "label": _("Knowledge base"), "url": "desk:articles", "icon": "book", "action": "go-articles",
}  # fmt: skip
