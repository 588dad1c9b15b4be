"""Articles on a ticket: offered, put into the answer, linked, noted when sent; found in the palette."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client

from tests.cast import make_cast
from tests.knowledge.articles import add_text, make_article, make_collection
from tresen.core.knowledge.models import Article, ArticleText, ArticleUse
from tresen.core.knowledge.rendering import Words
from tresen.core.knowledge.writing import save_text
from tresen.core.people.principals import Principal
from tresen.core.tickets import services
from tresen.core.tickets.content import Content
from tresen.core.tickets.models import Draft, Ticket
from tresen.service.answers.addresses import articles_in
from tresen.service.answers.indexing import rebuild
from tresen.spine.events.actors import Actor

pytestmark = pytest.mark.django_db


def test_an_agent_puts_an_article_into_the_answer_and_what_leaves_is_noted(client: Client) -> None:
    cast = make_cast()
    article = make_article("The toner of the printer", html="<p>Open the <b>flap</b>.</p>", language="en")
    add_text(article, "Der Toner des Druckers", html="<p>Öffnen Sie die <b>Klappe</b>.</p>", language="de")
    inside = make_article("Toner leer: das Lager", audience="agents", html="<p>Raum 12.</p>", language="de")
    make_article("Bicycle parking")
    rebuild()
    ticket = services.create_ticket(
        by=Actor.system("mail"), requester=cast.carol, subject="Toner leer im Drucker", channel="mail",
        content=Content(text="Der Drucker druckt leider nicht mehr, bitte helfen Sie mir."), team=cast.netz,
    )  # fmt: skip
    Ticket.objects.filter(pk=ticket.pk).update(language="de")
    client.force_login(cast.anna.user)
    here = f"/desk/tickets/{ticket.number}/articles/"
    assert here in client.get(f"/desk/tickets/{ticket.number}/").content.decode()
    page = client.get(here).content.decode()
    assert "Der Toner des Druckers" in page and "Bicycle" not in page
    assert "not for this customer" in page.partition("Toner leer: das Lager")[2][:200]
    assert "Bicycle parking" in client.get(here, {"find": "bicycl"}).content.decode()
    picker = f"/desk/tickets/{ticket.number}/texts/replies/"
    picked = client.get(picker, headers={"HX-Request": "true"}).content.decode()
    assert "Der Toner des Druckers" in picked and "Toner leer: das Lager" not in picked

    words = client.get(here, {"text": str(article.pk)}).json()["text"]
    assert words == "Der Toner des Druckers\n\nÖffnen Sie die Klappe."
    link = client.get(here, {"text": str(article.pk), "as": "link"}).json()["text"]
    assert articles_in(link, ticket.brand) == [article.pk]
    client.post(here, {"act": "link", "article": str(article.pk)})
    assert Draft.objects.get(ticket=ticket, kind="reply").text == link
    client.post(here, {"act": "keep", "article": str(inside.pk)})
    assert "linked by an agent" in client.get(here).content.decode()
    client.post(here, {"act": "drop", "article": str(inside.pk)})
    assert not ArticleUse.objects.exists()
    assert client.post(here, {"act": "link", "article": "999999"}).status_code == 404

    services.add_reply(
        ticket, by=Actor.agent(cast.anna), agent=cast.anna, content=Content(text=f"Guten Tag,\n{link}\nGruß")
    )
    assert list(ArticleUse.objects.values_list("article", "kind", "agent")) == [(article.pk, "sent", cast.anna.pk)]

    assert f"/help/en/{article.pk}-" in client.get("/desk/palette/", {"q": "toner printer"}).content.decode()


def test_only_addresses_of_our_own_counters_are_articles() -> None:
    brand = make_cast().brand
    own = f"{settings.BASE_URL}/help/de/12-toner/ {settings.BASE_URL}/help/de/12-toner/"
    strangers = " https://evil.example/help/de/13-toner/ https://localhost.evil.example/help/de/14-x/"
    assert articles_in(own + strangers, brand) == [12]


def test_a_solved_ticket_becomes_a_draft_and_nothing_personal_is_published(client: Client) -> None:
    cast = make_cast()
    ticket = services.create_ticket(
        by=Actor.system("mail"), requester=cast.carol, subject=f"Druckertreiber für {cast.carol.name}", channel="mail",
        content=Content(text="Guten Tag,\nder Treiber fehlt. Rufen Sie +49 30 1234567 an.\n-- \nCarol"),
        team=cast.netz,
    )  # fmt: skip
    answer = Content(text="Guten Tag Frau Großmann,\nöffnen Sie den Kiosk auf 192.168.4.2.")
    services.add_reply(ticket, by=Actor.agent(cast.anna), agent=cast.anna, content=answer)
    Ticket.objects.filter(pk=ticket.pk).update(language="de")
    here = f"/desk/tickets/{ticket.number}/articles/"
    client.force_login(cast.ada.user)
    assert 'value="draft"' not in client.get(here).content.decode()
    Ticket.objects.filter(pk=ticket.pk).update(status_category="solved")
    assert 'value="draft"' in client.get(here).content.decode()
    client.post(here, {"act": "draft"})
    assert not Article.objects.exists()  # no shelf yet
    make_collection("printers")
    editor = client.post(here, {"act": "draft"})
    made = Article.objects.get()
    assert editor["Location"] == f"/desk/knowledge/{made.pk}/de/" and made.from_ticket == ticket
    text = made.texts.get()
    assert text.newest is not None and text.newest.title.startswith("Druckertreiber für [name]")
    assert "## Frage" in text.newest.source and "[phone: ~~+49 30 1234567~~]" in text.newest.source
    assert "<s>192.168.4.2</s>" in text.newest.html and "Carol" not in text.newest.source

    # Until it is published, it is for those who see the ticket, or are to look at it.
    piotr = Principal.of_agent(cast.piotr)
    assert not Ticket.objects.visible_to(piotr).exists() and not Article.objects.visible_to(piotr).exists()
    ArticleText.objects.update(reviewer=cast.piotr)
    assert made in Article.objects.visible_to(piotr) and made in Article.objects.visible_to(
        Principal.of_agent(cast.ada)
    )
    ArticleText.objects.update(reviewer=None)
    act = f"/desk/knowledge/{made.pk}/de/act/"
    client.post(act, {"act": "publish"})
    assert made.texts.get().published is None
    words = Words("Druckertreiber", "", "Öffnen Sie den Kiosk.")
    save_text(made, "de", words, by=Actor.agent(cast.ada))
    client.post(act, {"act": "publish"})
    assert made.texts.get().published is not None and made in Article.objects.visible_to(piotr)
    first = made.texts.get().versions.get(number=1)
    assert (
        first.title.startswith("Druckertreiber für [name]") and (first.summary, first.source, first.html) == ("",) * 3
    )
