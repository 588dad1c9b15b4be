"""Putting the catalogue together in the settings: shelves, services, forms, tasks; without a script."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.cast import TEST, Cast
from tests.catalog.conftest import equipment
from tests.desk.conftest import HTMX, tree, value, words
from tests.setup.pictures import png
from tresen.core.catalog.models import Service, ServiceCategory, ServiceForm
from tresen.core.catalog.services import change_form, change_service, newest_form
from tresen.core.people.models import Brand, Organisation

PLAIN = {
    "kind": "hardware", "audience": "everybody", "type": "service_request", "impact": "1", "urgency": "2",
    "price_kind": "none", "position": "0", "is_active": "on",
}  # fmt: skip


def typed(page: Any) -> dict[str, str]:
    """Every field of the designer as it stands."""
    found = {}
    for one in page.css("#designer input, #designer select, #designer textarea"):
        name, kind = one.attributes.get("name"), one.attributes.get("type")
        if not name or (kind == "checkbox" and "checked" not in one.attributes):
            continue
        if one.tag == "select":
            chosen = one.css_first("option[selected]") or one.css_first("option")
            found[name] = chosen.attributes.get("value") or ""
        else:
            usual = "on" if kind == "checkbox" else ""
            found[name] = one.text() if one.tag == "textarea" else one.attributes.get("value") or usual
    return found


def test_a_shelf_and_a_service_are_written_with_their_words_and_their_price(cast: Cast) -> None:
    ada = cast.browser(cast.ada)
    assert ada.get("/settings/services/new/")["Location"] == "/settings/services/categories/new/"
    refused = ada.post("/settings/services/categories/new/", {"position": "0", "is_active": "on"})
    assert refused.status_code == 422 and "at least one language" in refused.content.decode()
    names = {"name_de": "Geräte", "summary_en": "Order", "icon": "laptop", "position": "0", "is_active": "on"}
    ada.post("/settings/services/categories/new/", names)
    shelf = ServiceCategory.objects.get()
    assert (shelf.names, shelf.icon, shelf.is_active) == ({"de": "Geräte"}, "laptop", True)
    asked = {**PLAIN, "name_en": "A device", "category": shelf.pk, "price_kind": "amount", "price": "49.50"}
    missing = ada.post("/settings/services/new/", asked)
    assert missing.status_code == 422 and value(tree(missing), "[name=name_en]") == "A device"
    wanted = {
        **asked,
        "currency": "eur",
        "audience": "organisations",
        "organisations": "Fährholm Logistik",
        "team": cast.netz.pk,
    }
    made = ada.post("/settings/services/new/", wanted)
    service = Service.objects.get()
    assert made["Location"] == f"/settings/services/{service.pk}/form/"
    assert (str(service.price), service.currency, service.team) == ("49.50", "EUR", cast.netz)
    assert list(service.organisations.all()) == [cast.faehrholm]
    page = tree(ada.get(f"/settings/services/{service.pk}/"))
    mark = value(page, "[name=mark]")
    change_service(service, set={"urgency": 3}, by=TEST)
    late = ada.post(f"/settings/services/{service.pk}/", {**wanted, "mark": mark, "name_pl": "Urządzenie"})
    assert late.status_code == 409 and value(tree(late), "[name=name_pl]") == "Urządzenie"
    ada.post(
        f"/settings/services/{service.pk}/",
        {**wanted, "mark": value(tree(late), "[name=mark]"), "name_pl": "Urządzenie"},
    )
    service.refresh_from_db()
    assert service.names["pl"] == "Urządzenie" and service.urgency == 2
    picture = SimpleUploadedFile("p.png", png())
    ada.post(f"/settings/services/{service.pk}/picture/", {"picture": picture})
    assert Service.objects.get().picture_type == "image/png"
    wrong = ada.post(
        f"/settings/services/categories/{shelf.pk}/picture/", {"picture": SimpleUploadedFile("p.png", b"no")}
    )
    assert wrong.status_code == 422
    ada.post(f"/settings/services/categories/{shelf.pk}/delete/")
    assert (
        "A device" in words(tree(ada.get("/settings/services/")).css_first("main")) and ServiceCategory.objects.exists()
    )


def test_brands_at_rest_and_organisations_of_one_name_stay_when_a_service_is_saved(cast: Cast) -> None:
    ada, other = cast.browser(cast.ada), Brand.objects.create(name="At rest", letters="R", is_active=False)
    service = equipment(audience="organisations", organisations=[cast.faehrholm], brands=[other])
    Organisation.objects.create(name="fährholm logistik")
    place = f"/settings/services/{service.pk}/"
    page = tree(ada.get(place))
    typed = {
        **PLAIN, "name_en": "A device", "category": service.category_id, "audience": "organisations",
        "organisations": page.css_first("[name=organisations]").text().strip(), "mark": value(page, "[name=mark]"),
        "brands": value(page, "[name=brands][checked]"),
    }  # fmt: skip
    assert ada.post(place, typed).status_code == 302
    assert (list(service.organisations.all()), list(service.brands.all())) == ([cast.faehrholm], [other])
    service.organisations.clear()
    unclear = ada.post(place, typed)
    assert unclear.status_code == 422 and "More than one organisation is called" in unclear.content.decode()


def test_a_form_is_put_together_by_buttons_and_kept_by_one_click(cast: Cast) -> None:
    ada, service = cast.browser(cast.ada), equipment()
    place = f"/settings/services/{service.pk}/form/"
    change_form(service, fields=[], by=TEST)
    page = tree(ada.get(place))
    for kind in ("yes_no", "choice", "text"):
        page = tree(ada.post(place, {**typed(page), "add": kind}))
    form = typed(page) | {
        "label-0-en": "Is it urgent?", "label-1-en": "Colour", "label-1-de": "Farbe", "option-1-0-en": "Red",
        "option-1-1-en": "Blue", "option-1-1-de": "Blau", "label-2-en": "Which blue?", "required-2": "on",
    }  # fmt: skip
    page = tree(ada.post(place, {**form, "look": "1", "seen_in": "de"}))
    assert "Farbe" in words(page.css_first("#form-preview")) and "Blau" in words(page.css_first("#form-preview"))
    when = [one.attributes["value"] for one in page.css("#when-2 option")]
    assert when == ["", "is_it_urgent|is|yes", "is_it_urgent|is|no", "colour|is|red", "colour|is|blue"]
    form = typed(page) | {"when-2": "colour|is|blue"}
    assert ServiceForm.objects.count() == 2
    refused = ada.post(place, form | {"label-0-en": ""})
    assert refused.status_code == 422 and "Write what is asked." in words(tree(refused).css_first("#field-0"))
    moved = tree(ada.post(place, {**form, "up": "2"}))
    assert "earlier field" in words(tree(ada.post(place, typed(moved))).css_first("#field-1"))
    part = ada.post(place, form, headers={**HTMX, "HX-Target": "form-preview"})
    assert tree(part).css_first("h1") is None and "Which blue?" in part.content.decode()
    ada.post(place, form)
    kept = newest_form(service)
    assert [(one["key"], one["kind"]) for one in kept.fields] == [
        ("is_it_urgent", "yes_no"), ("colour", "choice"), ("which_blue", "text"),
    ]  # fmt: skip
    assert kept.fields[2]["when"] == {"field": "colour", "how": "is", "value": "blue"} and kept.fields[2]["required"]
    late = ada.post(place, {**form, "newest": "1"})
    assert late.status_code == 409 and value(tree(late), "[name=newest]") == str(kept.number)
    ada.post(place, {**typed(tree(ada.get(place))), "drop": "0"})
    assert newest_form(service).number == kept.number


def test_the_versions_of_a_form_are_compared_and_brought_back(cast: Cast) -> None:
    ada, service = cast.browser(cast.ada), equipment()
    first = newest_form(service)
    change_form(service, fields=first.fields[:3], by=TEST)
    assert "Version 1" in words(tree(ada.get(f"/settings/services/{service.pk}/versions/")).css_first("main"))
    page = tree(ada.get(f"/settings/services/{service.pk}/versions/1/"))
    assert "Why do you need it?: gone" in words(page.css_first("main"))
    late = ada.post(f"/settings/services/{service.pk}/versions/1/", {"newest": "1"})
    assert late.status_code == 409
    ada.post(f"/settings/services/{service.pk}/versions/1/", {"newest": "2"})
    assert newest_form(service).fields == first.fields and newest_form(service).number == 3


def test_tasks_are_written_with_names_that_the_form_knows(cast: Cast) -> None:
    ada, service = cast.browser(cast.ada), equipment()
    place = f"/settings/services/{service.pk}/tasks/"
    page = tree(ada.get(place))
    assert "{{answer.device}}" in words(page.css_first(".help, aside, main")) or "{{answer.device}}" in page.html
    form = {"mark": value(page, "[name=mark]"), "steps": "Ask {{answer.nobody}}\nHand it over", "subject-0": "Order",
            "text-0": "{{answers}}", "team-0": str(cast.orders.pk), "category-0": ""}  # fmt: skip
    refused = ada.post(place, form)
    assert refused.status_code == 422 and "{{answer.nobody}}" in words(tree(refused).css_first("#steps-error"))
    ada.post(place, {**form, "steps": "Ask {{contact.name}}\nHand it over"})
    service.refresh_from_db()
    assert service.steps == ["Ask {{contact.name}}", "Hand it over"]
    assert service.children == [{"subject": "Order", "text": "{{answers}}", "team": cast.orders.pk, "category": None}]
    assert ada.post(place, form).status_code == 409
    anna = cast.browser(cast.anna)
    assert anna.get(place).status_code == 404
