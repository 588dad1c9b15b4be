"""Writing, publishing, translating, reviewing articles, and bringing words back."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine

from tests.cast import TEST, make_cast
from tests.knowledge.articles import add_text, make_article, make_collection
from tresen.core.knowledge.article_files import FileInUse, WrongType, add_file, remove_file
from tresen.core.knowledge.collections import (
    WrongCollection,
    change_collection,
    collection_values,
    create_collection,
    order_collections,
)
from tresen.core.knowledge.jobs import publish_planned, remind_keepers
from tresen.core.knowledge.models import Article, ArticleFile, ArticleVersion, Audience, Collection, TextState
from tresen.core.knowledge.publishing import give_up_plan, plan, publish, withdraw
from tresen.core.knowledge.reading import is_out_of_date, text_for, with_texts
from tresen.core.knowledge.rendering import Words, WrongWords
from tresen.core.knowledge.reviewing import ask_for_review, comment, review
from tresen.core.knowledge.services import WrongArticle, change_article, create_article, retire, take_up_again
from tresen.core.knowledge.writing import bring_back_version, keep_draft, save_text, say_translation_holds
from tresen.core.people.models import Brand
from tresen.core.people.principals import NOBODY
from tresen.kit import clock
from tresen.kit.fingerprint import ChangedMeanwhile, fingerprint
from tresen.spine.events.models import Event

pytestmark = pytest.mark.django_db


def kinds(article: Article) -> list[str]:
    rows = Event.objects.filter(stream_kind="article", stream_id=article.pk).order_by("pk")
    return list(rows.values_list("kind", flat=True))


def test_readers_see_published_words_while_new_ones_are_written() -> None:
    words = Words("  Reset   your password ", "In two steps.", "# First\n\nOpen **the page**.")
    article = create_article(collection=make_collection(), language="en", words=words, by=TEST)
    text = article.texts.get()
    assert (text.newest.title, text.slug, text.state) == ("Reset your password", "reset-your-password", "draft")
    assert '<h2 id="s-first">First</h2>' in text.newest.html and "<strong>the page</strong>" in text.newest.html
    assert text_for(article, "en") is None and not Article.objects.readable_by(NOBODY).exists()
    publish(text, by=TEST, expected=1)
    save_text(article, "en", Words("Choose a new password", "", "Other words."), by=TEST, expected=1)
    text = article.texts.get()
    assert (text.state, text.published.number, text.newest.number) == (TextState.DRAFT, 1, 2)
    assert text.slug == "reset-your-password", "its address is that of what readers see"
    assert with_texts([article], "de")[0].title == "Reset your password"
    publish(text, by=TEST)
    text = article.texts.get()
    assert (text.slug, text.published.number, text.state) == ("choose-a-new-password", 2, "published")
    assert list(text.versions.values_list("number", "was_published")) == [(2, True), (1, True)]
    publish(text, by=TEST)
    assert kinds(article) == ["article.created", "article.published", "article.changed", "article.published"]
    withdraw(text, by=TEST)
    withdraw(text, by=TEST)
    assert text_for(article, "en") is None and kinds(article)[-1] == "article.withdrawn"


def test_nothing_is_overwritten_in_silence_and_old_words_come_back_as_new_ones() -> None:
    article = make_article("One", html="<p>first</p>")
    save_text(article, "en", Words("Two", "", "second"), by=TEST, expected=1, note="clearer")
    with pytest.raises(ChangedMeanwhile) as meanwhile:
        save_text(article, "en", Words("Three", "", "third"), by=TEST, expected=1)
    assert (meanwhile.value.fields["source"], meanwhile.value.fields["number"]) == ("second", 2)
    with pytest.raises(ChangedMeanwhile):
        publish(article.texts.get(), by=TEST, expected=1)
    before = article.texts.get().versions.get(number=1)
    text = bring_back_version(article.texts.get(), 1, by=TEST, expected=2)
    text.refresh_from_db()
    assert (text.newest.number, text.newest.again, text.newest.html) == (3, 1, before.html)
    assert ArticleVersion.objects.get(pk=before.pk).html == before.html
    again = bring_back_version(article.texts.get(), 1, by=TEST)
    assert again.newest.number == 3, "they are that already"
    for wrong in (Words(" "), Words("x" * 201), Words("x", "y" * 401), Words("x", "", "z" * 200_001)):
        with pytest.raises(WrongWords):
            save_text(article, "en", wrong, by=TEST)
    with pytest.raises(WrongArticle):
        save_text(article, "fr", Words("x"), by=TEST)


def test_a_translation_is_out_of_date_until_somebody_says_otherwise(django_assert_num_queries: Any) -> None:
    article = make_article("Printer", html="<p>Wait.</p>")
    german = add_text(article, "Drücker prüfen", html="<p>Warten.</p>", language="de")
    main = article.texts.get(language="en")
    german.refresh_from_db()
    assert (german.slug, german.follows, is_out_of_date(german, main)) == ("druecker-pruefen", 1, False)
    save_text(article, "en", Words("Printer", "", "Wait longer."), by=TEST)
    assert not is_out_of_date(article.texts.get(language="de"), article.texts.get(language="en")), "not published yet"
    publish(article.texts.get(language="en"), by=TEST)
    main, german = article.texts.get(language="en"), article.texts.get(language="de")
    assert is_out_of_date(german, main) and not is_out_of_date(main, main)
    say_translation_holds(german, by=TEST)
    assert not is_out_of_date(article.texts.get(language="de"), main)
    with pytest.raises(WrongArticle):
        say_translation_holds(main, by=TEST)
    other = make_article("Only English")
    with django_assert_num_queries(1):
        found = with_texts([article, other], "de")
        assert [read.title for read in found] == ["Drücker prüfen", "Only English"]
    polish = text_for(article, "pl")
    assert polish is not None and polish.language == "en"


def test_what_is_planned_is_published_once_when_its_time_has_come() -> None:
    article, at = make_article("Soon", is_published=False), clock.now()
    text = article.texts.get()
    with pytest.raises(WrongArticle):
        plan(text, at=at - timedelta(minutes=1), by=TEST)
    plan(text, at=at + timedelta(hours=2), by=TEST, expected=1)
    with time_machine.travel(at + timedelta(hours=1), tick=False):
        publish_planned()
        assert article.texts.get().state == TextState.PLANNED
    with time_machine.travel(at + timedelta(hours=3), tick=False):
        publish_planned()
    with time_machine.travel(at + timedelta(hours=1), tick=False):  # the clock was put back
        publish_planned()
    text = article.texts.get()
    assert (text.state, text.publish_at) == (TextState.PUBLISHED, None)
    assert kinds(article).count("article.published") == 1
    with pytest.raises(WrongArticle):
        plan(text, at=at + timedelta(hours=9), by=TEST)
    save_text(article, "en", Words("Soon", "", "new"), by=TEST)
    plan(text, at=at + timedelta(hours=9), by=TEST)
    save_text(article, "en", Words("Soon", "", "newer"), by=TEST)
    assert article.texts.get().publish_at is None, "the plan was for other words"
    plan(text, at=at + timedelta(hours=9), by=TEST)
    give_up_plan(text, by=TEST)
    assert article.texts.get().state == TextState.DRAFT


def test_a_colleague_reviews_before_readers_do() -> None:
    cast = make_cast()
    article = make_article("Draft", is_published=False)
    text = article.texts.get()
    with pytest.raises(WrongArticle):
        ask_for_review(text, reviewer=cast.anna, agent=cast.anna, by=TEST)
    ask_for_review(text, reviewer=cast.piotr, words="Is that so?", agent=cast.anna, by=TEST)
    with pytest.raises(WrongArticle):
        review(text, approves=False, words=" ", agent=cast.piotr, by=TEST)
    comment(text, words="I look at it tonight.", agent=cast.piotr, by=TEST)
    review(text, approves=False, words="The second step is missing.", agent=cast.piotr, by=TEST, expected=1)
    assert article.texts.get().state == TextState.DRAFT
    save_text(article, "en", Words("Draft", "", "With the second step."), by=TEST)
    with pytest.raises(WrongArticle):
        review(text, approves=True, agent=cast.piotr, by=TEST)
    ask_for_review(text, reviewer=cast.piotr, agent=cast.anna, by=TEST)
    review(text, approves=True, agent=cast.piotr, by=TEST, expected=2)
    assert article.texts.get().state == TextState.APPROVED
    told = Event.objects.filter(kind="article.reviewed").order_by("pk")
    assert [(event.changes["approves"], event.changes["agent"]) for event in told] == [
        (False, cast.anna.pk), (True, cast.anna.pk)
    ]  # fmt: skip
    remarks = list(article.texts.get().remarks.values_list("kind", flat=True))
    assert remarks == ["asked", "comment", "returned", "asked", "approved"]


def test_an_article_has_readers_a_keeper_and_a_day_to_look_at_it_again() -> None:
    cast = make_cast()
    article = make_article()
    with pytest.raises(WrongArticle):
        change_article(article, set={"audience": Audience.ORGANISATIONS}, by=TEST)
    today = clock.now().date()
    wanted = {"audience": Audience.ORGANISATIONS, "organisations": [cast.faehrholm], "keeper": cast.anna,
              "look_again_on": today}  # fmt: skip
    version = article.version
    changed = change_article(article, set=wanted, by=TEST, expected=version)
    with pytest.raises(ChangedMeanwhile):
        change_article(article, set={"keeper": None}, by=TEST, expected=version)
    told = Event.objects.filter(kind="article.changed").latest("pk").changes
    assert told["organisations"] == [[], [cast.faehrholm.pk]] and told["look_again_on"][1] == today.isoformat()
    remind_keepers()
    remind_keepers()
    assert kinds(article).count("article.look_due") == 1
    change_article(changed, set={"look_again_on": today - timedelta(days=1)}, by=TEST)
    remind_keepers()
    assert kinds(article).count("article.look_due") == 2
    retire(changed, by=TEST)
    retire(changed, by=TEST)
    assert not Article.objects.in_use().exists()
    take_up_again(changed, by=TEST)
    assert kinds(article)[-2:] == ["article.retired", "article.restored"]


def test_shelves_stand_in_an_order_two_deep(db: None) -> None:
    first = create_collection(names={"en": "Access", "de": "Zugang", "pl": " "}, icon="key", by=TEST)
    inner = create_collection(names={"de": "Über VPN"}, parent=first, by=TEST)
    assert (first.slug, first.names, inner.slug) == ("access", {"en": "Access", "de": "Zugang"}, "uber-vpn")
    for wrong in ({"names": {}}, {"names": {"en": "x"}, "icon": "bomb"}, {"names": {"en": "x"}, "parent": inner}):
        with pytest.raises(WrongCollection):
            create_collection(**wrong, by=TEST)
    mark = fingerprint(collection_values(first))
    other = Brand.objects.create(name="Harrow Desk", letters="H")
    change_collection(first, set={"brands": [other], "is_active": False}, by=TEST, expected=mark)
    with pytest.raises(ChangedMeanwhile):
        change_collection(first, set={"icon": ""}, by=TEST, expected=mark)
    with pytest.raises(WrongCollection):
        change_collection(first, set={"parent": inner}, by=TEST)
    order_collections([inner.pk, first.pk], by=TEST)
    assert list(Collection.objects.values_list("slug", flat=True)) == ["uber-vpn", "access"]


def test_files_are_what_their_bytes_say_and_stay_while_a_version_shows_them() -> None:
    article = make_article("Pictures")
    png = (Path(__file__).parents[2] / "src/tresen/faces/desk/static/desk").rglob("*.png")
    data = next(png, None)
    raw = data.read_bytes() if data else PNG
    picture = add_file(article, [raw], filename="../plan.png", by=TEST)
    assert (picture.name, picture.content_type) == ("plan.png", "image/png")
    for name, bytes_ in (("x.svg", b"<svg/>"), ("x.html", b"<html>"), ("x.exe", b"MZ"), ("x.txt", b"<script>")):
        with pytest.raises(WrongType):
            add_file(article, [bytes_], filename=name, by=TEST)
    save_text(article, "en", Words("Pictures", "", f"![Plan]({picture.path})"), by=TEST)
    newest = article.texts.get().newest
    assert newest is not None and f'<img src="{picture.path}" alt="Plan" loading="lazy">' in newest.html
    with pytest.raises(FileInUse):
        remove_file(picture, by=TEST)
    other = make_article("Others")
    save_text(other, "en", Words("Others", "", f"![Plan]({picture.path})"), by=TEST)
    theirs = other.texts.get().newest
    assert theirs is not None and "<img" not in theirs.html, "the file is another article's"
    loose = add_file(article, [b"a,b\n1,2\n"], filename="list.csv", by=TEST)
    remove_file(loose, by=TEST)
    assert list(ArticleFile.objects.all()) == [picture]
    assert not ArticleFile.objects.visible_to(NOBODY).exclude(article__in=[article]).exists()


def test_what_is_typed_is_kept_for_its_writer_until_he_saves() -> None:
    cast = make_cast()
    article = make_article()
    keep_draft(article, "en", Words("Half", "", "a sent"), agent=cast.anna, based_on=1)
    keep_draft(article, "en", Words("Half", "", "a sentence"), agent=cast.anna, based_on=1)
    keep_draft(article, "en", Words("", "", "other"), agent=cast.piotr, based_on=1)
    assert article.drafts.get(agent=cast.anna).source == "a sentence"
    save_text(article, "en", Words("Whole", "", "a sentence"), by=TEST, expected=1, agent=cast.anna)
    assert list(article.drafts.values_list("agent", flat=True)) == [cast.piotr.pk]


PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000"
    "050001a5f645400000000049454e44ae426082"
)
