"""Roles: what people may do here."""

from __future__ import annotations

from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tresen.core.people.models import Role
from tresen.core.people.principals import Principal
from tresen.core.people.refusals import InUse
from tresen.core.people.rights import ALL_RIGHTS, GROUPS
from tresen.core.people.roles import WrongRole, change_role, create_role, delete_role, holders_of, role_values
from tresen.faces.setup.gate import found_or_404, settings_page
from tresen.faces.setup.links import tell_of_renewed
from tresen.faces.setup.roles.forms import RoleForm
from tresen.faces.setup.saving import marked
from tresen.kit import notices
from tresen.kit.fingerprint import ChangedMeanwhile


@settings_page("role.manage")
@require_safe
def role_list(request: HttpRequest, principal: Principal) -> HttpResponse:
    """All roles, those that are built in first, with what each may do and how many have it."""
    counted = Role.objects.visible_to(principal).annotate(
        people=Count("agents", distinct=True), in_teams=Count("memberships", distinct=True)
    )
    order = list(Role.BUILT_IN)
    rows = sorted(counted, key=lambda r: (order.index(r.key) if r.is_built_in else len(order), str(r).casefold()))
    return render(request, "setup/roles.html", {"rows": [(role, _words(role)) for role in rows]})


@settings_page("role.manage")
@require_http_methods(["GET", "POST"])
def new_role(request: HttpRequest, principal: Principal) -> HttpResponseBase:
    """A new role; `from` names one whose rights it begins with."""
    like = Role.objects.visible_to(principal).filter(key=request.GET.get("from", "")[:40]).first()
    if request.method == "GET":
        return _page(request, RoleForm(initial={"rights": sorted(like.held) if like else ["see", "see_loose"]}), None)
    form = RoleForm(request.POST)
    if form.is_valid():
        try:
            made = create_role(**form.values(), by=principal.actor)
        except WrongRole:
            form.add_error("name", _("There is already a role with this name."))
        else:
            notices.tell(request, _("The role %(name)s is there. Give it to people under “Agents”.") % {"name": made})
            return HttpResponseRedirect(reverse("setup:roles"))
    return _page(request, form, None, 422)


@settings_page("role.manage")
@require_http_methods(["GET", "POST"])
def role(request: HttpRequest, principal: Principal, role_id: int) -> HttpResponseBase:
    """One role. That of administrators is shown, and cannot be changed."""
    found: Role = found_or_404(Role.objects.visible_to(principal), role_id)
    if request.method == "GET":
        return _page(request, RoleForm(initial=marked(role_values(found)), role=found), found)
    form = RoleForm(request.POST, role=found)
    if not form.is_valid():
        return _page(request, form, found, 422)
    try:
        renewed = change_role(found, set=form.values(), by=principal.actor, expected=form.expected)
    except ChangedMeanwhile as fault:
        form.show_conflict(fault.fields)
        return _page(request, form, found, 409)
    except WrongRole as fault:
        if fault.field == "name":
            form.add_error("name", _("There is already a role with this name."))
        else:
            form.add_error(None, _("An administrator always has every right."))
        return _page(request, form, found, 422)
    notices.tell(request, _("Saved."))
    tell_of_renewed(request, renewed)
    return HttpResponseRedirect(reverse("setup:roles"))


@settings_page("role.manage")
@require_POST
def delete(request: HttpRequest, principal: Principal, role_id: int) -> HttpResponseBase:
    """A role that nobody has goes for good."""
    found: Role = found_or_404(Role.objects.visible_to(principal), role_id)
    try:
        delete_role(found, by=principal.actor)
    except InUse as fault:
        told = _("%(names)s have this role. Give them another one first.")
        notices.tell(request, told % {"names": ", ".join(fault.users[:5])}, "bad")
    except WrongRole:
        notices.tell(request, _("This role came with the desk and stays."), "bad")
    else:
        notices.tell(request, _("The role %(name)s is gone.") % {"name": found.name})
        return HttpResponseRedirect(reverse("setup:roles"))
    return HttpResponseRedirect(reverse("setup:role", args=[found.pk]))


def _words(role: Role) -> list[str]:
    """What the role may do, in short: a whole group by its name, else its rights."""
    if role.held == ALL_RIGHTS:
        return [_("Everything")]
    found = []
    for group in GROUPS:
        held = [right for right in group.rights if right.name in role.held]
        if len(held) == len(group.rights) > 1:
            found.append(_("%(group)s: all of it") % {"group": group.label})
        else:
            found += [str(right.label) for right in held]
    return found


def _page(request: HttpRequest, form: RoleForm, found: Role | None, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form, "role": found, "is_fixed": found is not None and found.key == Role.ADMIN,
        "holders": list(holders_of(found).select_related("agent")) if found else [],
    }  # fmt: skip
    return render(request, "setup/role.html", context, status=status)
