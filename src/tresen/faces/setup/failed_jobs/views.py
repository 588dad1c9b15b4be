"""Jobs that used up their tries."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tresen.core.people.principals import Principal
from tresen.faces.setup.gate import settings_page
from tresen.kit import notices
from tresen.kit.logs import redact
from tresen.spine.events.failures import drop_job, failed_jobs, retry_job


@settings_page("desk.operate")
@require_safe
def job_list(request: HttpRequest, principal: Principal) -> HttpResponse:
    """What failed for good, and why."""
    jobs = [{"job": job, "error": redact(job.last_error)} for job in failed_jobs()]
    return render(request, "setup/jobs.html", {"jobs": jobs})


@settings_page("desk.operate")
@require_POST
def retry(request: HttpRequest, principal: Principal, job_id: int) -> HttpResponseBase:
    """Lets it run again, with all its tries."""
    if retry_job(job_id, by=principal.actor):
        notices.tell(request, _("The job runs again in a moment."))
    return HttpResponseRedirect(reverse("setup:jobs"))


@settings_page("desk.operate")
@require_POST
def drop(request: HttpRequest, principal: Principal, job_id: int) -> HttpResponseBase:
    """Gives it up."""
    if drop_job(job_id, by=principal.actor):
        notices.tell(request, _("The job is given up."))
    return HttpResponseRedirect(reverse("setup:jobs"))
