"""Images from outside, on an agent's word (safety decision 5)."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpResponseNotFound
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tresen.channels.mail.remote_images import are_shown, hide_images, image_marks, open_image, show_images
from tresen.core.people.permissions import require
from tresen.core.people.principals import Principal
from tresen.core.tickets.models import Message
from tresen.faces.desk.access import StaffRequest, staff_page
from tresen.faces.desk.ticket import answers
from tresen.faces.desk.ticket.answers import answer
from tresen.faces.desk.ticket.finding import find_message
from tresen.kit import files
from tresen.kit.downloads import send_file

SECONDS_KEPT = 600


def image_places(message: Message, principal: Principal) -> Callable[[str], str | None] | None:
    """Gives each image from outside its address with us, in the order of the message; None when they stay blocked."""
    agent = principal.agent
    if not message.blocked_images or agent is None or not are_shown(message, agent=agent):
        return None
    marks = iter(image_marks(message, agent=agent))

    def place(url: str) -> str | None:
        mark = next(marks, "")
        return reverse("desk:message-image", args=[message.pk, mark]) if mark else None

    return place


@staff_page
@require_POST
def choose(request: StaffRequest, pk: int) -> HttpResponseBase:
    """`act` is show (this message), always (all of its sender) or hide."""
    message = find_message(request.principal, pk)
    require(request.principal, "ticket.see", message.ticket)
    agent, act = request.principal.agent, request.POST.get("act", "")
    if agent is None or act not in {"show", "always", "hide"}:
        raise Http404
    if act == "hide":
        hide_images(message, agent=agent)
    else:
        show_images(message, agent=agent, always=act == "always")
    said = _("The images are blocked again.") if act == "hide" else _("The images are shown.")
    return answer(request, message.ticket.number, answers.TIMELINE, said=said, anchor=f"m{message.pk}")


@staff_page
@require_safe
def picture(request: StaffRequest, pk: int, mark: str) -> HttpResponseBase:
    """One image from outside, out of our own hands; an empty 404 whatever the reason why there is none."""
    message = find_message(request.principal, pk)
    agent = request.principal.agent
    image = open_image(message, mark, agent=agent) if agent else None
    if image is None:
        return HttpResponseNotFound()
    try:
        stored = files.open_file(image.storage_key)
    except FileNotFoundError:
        return HttpResponseNotFound()
    response = send_file(request, stored, size=image.size, filename="image", content_type=image.content_type)
    response["Cache-Control"] = f"private, max-age={SECONDS_KEPT}"
    return response
