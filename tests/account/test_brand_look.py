"""What everybody may see of a brand: its accent and its logo."""

from __future__ import annotations

from django.test import Client

from tests.cast import TEST, Cast
from tests.setup.pictures import png
from tresen.core.people.brands import change_brand, create_brand, set_logo


def test_the_accent_is_a_style_sheet_of_two_numbers(cast: Cast) -> None:
    change_brand(cast.brand, set={"accent_hue": 30, "accent_chroma": 0.12}, by=TEST)
    answer = Client().get(f"/brand/{cast.brand.pk}.css")
    assert answer.headers["Content-Type"] == "text/css; charset=utf-8"
    assert answer.content.decode() == ":root{--brand-h:30;--brand-c:0.120}\n"
    again = Client().get(f"/brand/{cast.brand.pk}.css", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_the_logo_is_served_as_the_type_of_its_bytes(cast: Cast) -> None:
    url = f"/brand/{cast.brand.pk}/logo"
    assert Client().get(url).status_code == 404
    set_logo(cast.brand, data=png(), by=TEST)
    answer = Client().get(url)
    assert (answer.headers["Content-Type"], answer.content) == ("image/png", png())
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    set_logo(cast.brand, data=None, by=TEST)
    assert Client().get(url).status_code == 404


def test_a_brand_out_of_use_shows_nothing(cast: Cast) -> None:
    other = create_brand(set={"name": "Old", "letters": "O", "is_active": False}, by=TEST)
    assert Client().get(f"/brand/{other.pk}.css").status_code == 404
