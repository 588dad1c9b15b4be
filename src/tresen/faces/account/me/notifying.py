"""How I am told of news: kind by kind, by browser and by mail, how often, and when not at all."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tresen.core.people.models import Agent, User
from tresen.faces.account.me.views import own_page
from tresen.kit import notices
from tresen.service.notifications.choosing import choose, rhythm_of, wanted_ways
from tresen.service.notifications.kinds import Kind, Ways
from tresen.service.notifications.models import Rhythm
from tresen.spine.events.actors import Actor


class RhythmForm(forms.ModelForm):
    """How often, and when not."""

    class Meta:
        model = Rhythm
        fields = ["pace", "daily_hour", "quiet_from", "quiet_to", "quiet_weekends"]
        widgets = {
            "quiet_from": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "quiet_to": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        }
        help_texts = {
            "pace": gettext_lazy("What comes within a minute leaves together."),
            "daily_hour": gettext_lazy("0 to 23, for mail once a day."),
            "quiet_to": gettext_lazy("Leave both empty for no quiet hours. What comes meanwhile waits for their end."),
        }

    def clean(self) -> dict[str, Any]:
        """Quiet hours have a beginning and an end."""
        cleaned = super().clean() or {}
        if bool(cleaned.get("quiet_from")) != bool(cleaned.get("quiet_to")):
            self.add_error("quiet_to", _("Give both times, or none."))
        return cleaned


@never_cache
@require_http_methods(["GET", "POST"])
@own_page
def notifying(request: HttpRequest, user: User) -> HttpResponse:
    """`/me/notifications/`: the page of an agent; POST keeps what he chose."""
    agent = user.agent_or_none
    if agent is None:
        raise Http404
    if request.method == "GET":
        return _page(request, agent, RhythmForm(instance=rhythm_of(agent)), wanted_ways(agent))
    form = RhythmForm(request.POST, instance=rhythm_of(agent))
    ways = {kind: Ways(f"browser-{kind}" in request.POST, f"mail-{kind}" in request.POST) for kind in Kind}
    if not form.is_valid():
        return _page(request, agent, form, ways, status=422)
    choose(agent, ways=ways, rhythm=form.cleaned_data, by=Actor.agent(agent))
    notices.tell(request, _("Saved."))
    return HttpResponseRedirect(reverse("account:notifications"))


def _page(
    request: HttpRequest, agent: Agent, form: RhythmForm, ways: dict[Kind, Ways], *, status: int = 200
) -> HttpResponse:
    rows = [{"kind": kind.value, "label": kind.label, "ways": ways[kind]} for kind in Kind]
    context = {"form": form, "rows": rows, "account": agent.user}
    return render(request, "account/notifications.html", context, status=status)
