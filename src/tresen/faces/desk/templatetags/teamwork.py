"""Tags of working together."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _

register = template.Library()


@register.filter
def minutes(count: int) -> str:
    """A sum of minutes as one reads it: "45 min", "2 h 05 min"."""
    hours, rest = divmod(int(count), 60)
    if not hours:
        return _("%(minutes)d min") % {"minutes": rest}
    return _("%(hours)d h %(minutes)02d min") % {"hours": hours, "minutes": rest}
