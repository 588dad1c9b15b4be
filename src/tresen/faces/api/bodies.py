"""The texts of a message: plain as it came, HTML cleaned in the box like any stranger's (safety decision 4)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tresen.core.tickets.content import Content
from tresen.faces.api.problems import Problem, WrongField
from tresen.kit.box import Box, BoxBusy, BoxError

CLEAN_SECONDS = 10.0
BOX = Box({"clean": "tresen.faces.api.cleaning:clean"}, size=1)


def read_body(body_text: str | None, body_html: str | None) -> Content:
    """The content of a message. With both, the text is what is read and searched.

    Raises Problem (400) when there is nothing in it, or HTML that cannot be taken apart in time.
    """
    if not (body_text or "").strip() and not (body_html or "").strip():
        raise WrongField("body_text", _("A message needs body_text or body_html."))
    if not (body_html or "").strip():
        return Content(body_text or "")
    try:
        cleaned = BOX.run("clean", body_html, timeout=CLEAN_SECONDS)
    except BoxBusy as fault:
        raise Problem("busy", _("Please try again in a moment."), headers={"Retry-After": "5"}) from fault
    except BoxError as fault:
        raise WrongField("body_html", _("This HTML is too large or nested too deeply.")) from fault
    text = body_text if (body_text or "").strip() else cleaned["text"]
    return Content(
        text or "", html_source=body_html or "", html=cleaned["html"], html_version=cleaned["version"],
        blocked_images=cleaned["blocked_images"],
    )  # fmt: skip
