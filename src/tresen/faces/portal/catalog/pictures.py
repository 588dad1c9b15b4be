"""Pictures of services and categories, for whoever is offered them."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.views.decorators.http import require_safe

from tresen.core.catalog.models import Service, ServiceCategory
from tresen.core.people.models import Brand
from tresen.faces.portal.catalog.shelves import offered
from tresen.faces.portal.entrance import at_the_desk
from tresen.kit import files


@require_safe
@at_the_desk
def picture(request: HttpRequest, brand: Brand, key: str) -> HttpResponse:
    """The picture of a service or a category that is shown here, always as the type that we found in its bytes. Another
    picture has another key, so this one may be kept."""
    rows = offered(request, brand)
    shown: Service | ServiceCategory | None = rows.filter(picture_key=key).first()
    shown = shown or ServiceCategory.objects.filter(picture_key=key, services__in=rows.order_by()).first()
    if shown is None:
        raise Http404
    mark = f'"{key}"'
    response: HttpResponse = HttpResponseNotModified()
    if request.headers.get("If-None-Match") != mark:
        try:
            response = HttpResponse(files.read(key), content_type=shown.picture_type)
        except (FileNotFoundError, ValueError) as fault:
            raise Http404 from fault
    response.headers["ETag"] = mark
    response.headers["Cache-Control"] = "private, max-age=3600"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
