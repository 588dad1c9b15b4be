"""Who may read an article, and at which counter it stands."""

from __future__ import annotations

import pytest

from tests.cast import make_cast
from tests.knowledge.articles import make_article, make_collection
from tresen.core.knowledge.models import Article, Audience, Collection
from tresen.core.people.models import Brand
from tresen.core.people.principals import NOBODY, Principal
from tresen.kit import clock

pytestmark = pytest.mark.django_db


def test_an_article_is_read_by_those_it_is_for() -> None:
    cast = make_cast()
    for_all = make_article("For all")
    signed_in = make_article("For customers", audience=Audience.CUSTOMERS)
    of_faehrholm = make_article("For Fährholm", audience=Audience.ORGANISATIONS)
    of_faehrholm.organisations.add(cast.faehrholm)
    inside = make_article("For agents", audience=Audience.AGENTS)
    draft = make_article("Not yet", is_published=False)
    make_article("No longer", retired_at=clock.now())

    def read_by(principal: Principal) -> set[Article]:
        return set(Article.objects.readable_by(principal))

    assert read_by(NOBODY) == {for_all}
    assert read_by(Principal.of_contact(cast.dave)) == {for_all, signed_in}
    assert read_by(Principal.of_contact(cast.carol)) == {for_all, signed_in, of_faehrholm}
    assert read_by(Principal.of_agent(cast.anna)) == {for_all, signed_in, of_faehrholm, inside}
    assert draft in Article.objects.visible_to(Principal.of_agent(cast.anna))
    assert set(Article.objects.visible_to(NOBODY)) == {for_all}


def test_an_article_stands_at_its_brands_counter() -> None:
    brand = make_cast().brand
    other = Brand.objects.create(name="Harrow Desk", letters="H")
    for_all = make_article("Of all brands")
    own, others = make_article("Of this one"), make_article("Of the other")
    own.brands.add(brand)
    others.brands.add(other)
    shelf = make_collection("harrow")
    shelf.brands.add(other)
    on_its_shelf = make_article("On the other's shelf", collection=shelf)
    assert set(Article.objects.for_brand(brand)) == {for_all, own}
    assert set(Article.objects.for_brand(other)) == {for_all, others, on_its_shelf}
    Collection.objects.filter(slug="network").update(is_active=False)
    assert set(Article.objects.for_brand(other).readable_by(NOBODY)) == {on_its_shelf}
