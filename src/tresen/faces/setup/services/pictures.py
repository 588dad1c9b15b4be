"""A picture of a service or a shelf: set, or taken away."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from tresen.core.catalog.models import Service, ServiceCategory
from tresen.core.catalog.shelves import set_picture
from tresen.core.people.principals import Principal
from tresen.faces.setup.services.forms import PictureForm
from tresen.kit import notices


def take_picture(
    request: HttpRequest, principal: Principal, row: Service | ServiceCategory, back: str
) -> tuple[HttpResponse | None, PictureForm]:
    """Sets what was sent, or takes the picture away (`remove`); no answer where the form says what is wrong."""
    form, removes = PictureForm(request.POST, request.FILES), "remove" in request.POST
    if not removes and form.is_valid() and form.cleaned_data["picture"] is None:
        form.add_error("picture", _("Choose a file first."))
    if not removes and not form.is_valid():
        return None, form
    set_picture(row, data=None if removes else form.cleaned_data["picture"], by=principal.actor)
    notices.tell(request, _("The picture is gone.") if removes else _("The picture is set."))
    return HttpResponseRedirect(back), form
