"""What the server gives a browser that keeps tickets: a mark of the session, a plain copy, nothing when it is off."""

from __future__ import annotations

import json

from django.test import Client

from tests.cast import Cast
from tresen.core.people.models import User

HTMX = {"HX-Request": "true"}


def keeping(cast: Cast) -> Client:
    """A browser of anna, who has switched it on."""
    User.objects.filter(pk=cast.anna.user_id).update(keeps_offline=True)
    return cast.browser(cast.anna)


def mark(client: Client) -> str:
    return str(json.loads(client.get("/desk/offline/mark/", headers=HTMX).content)["mark"])


def test_it_is_off_at_first(cast: Cast) -> None:
    ticket, client = cast.ticket(), cast.browser(cast.anna)
    assert mark(client) == ""
    assert b"data-live-keeps" not in client.get("/desk/views/mine/").content
    assert client.get(f"/desk/offline/tickets/{ticket.number}/").status_code == 404
    assert client.get("/desk/offline/worker.js").status_code == 404


def test_a_copy_holds_the_messages_as_text_and_the_mark(cast: Cast) -> None:
    ticket, client = cast.ticket(text="<b>Smoke</b> & fire"), keeping(cast)
    answer = client.get(f"/desk/offline/tickets/{ticket.number}/", headers=HTMX)
    text = answer.content.decode()
    assert "&lt;b&gt;Smoke&lt;/b&gt; &amp; fire" in text
    assert "<form" not in text and "<iframe" not in text and "src=" not in text
    assert answer.headers["X-Offline-Mark"] == mark(client) != ""
    assert f'data-live-keeps="{mark(client)}"' in client.get("/desk/views/mine/").content.decode()


def test_what_one_may_not_see_is_not_copied(cast: Cast) -> None:
    ticket, client = cast.ticket(team=cast.orders), keeping(cast)
    assert client.get(f"/desk/offline/tickets/{ticket.number}/").status_code == 404


def test_other_teams_another_role_and_another_session_have_another_mark(cast: Cast) -> None:
    client = keeping(cast)
    marks = {mark(client)}
    cast.anna.teams.add(cast.orders)
    marks.add(mark(client))
    cast.anna.teams.clear()
    marks.add(mark(client))
    marks.add(mark(keeping(cast)))
    assert len(marks) == 4
    User.objects.filter(pk=cast.anna.user_id).update(is_active=False)
    assert client.get("/desk/offline/mark/", headers=HTMX).status_code == 401


def test_signing_out_empties_the_browser(cast: Cast) -> None:
    assert keeping(cast).post("/sign-out/").headers["Clear-Site-Data"] == '"storage"'


def test_the_worker_stands_for_the_desk_alone(cast: Cast) -> None:
    answer = keeping(cast).get("/desk/offline/worker.js")
    assert answer.headers["Service-Worker-Allowed"] == "/desk/"
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert b'addEventListener("fetch"' in answer.content


def test_the_desk_can_be_installed(cast: Cast) -> None:
    answer = Client().get("/desk/manifest.webmanifest")
    content = json.loads(answer.content)
    assert answer.headers["Content-Type"] == "application/manifest+json"
    assert content["display"] == "standalone" and content["scope"] == content["start_url"] == "/desk/"
    assert {icon["sizes"] for icon in content["icons"]} >= {"192x192", "512x512"}
    assert 'rel="manifest"' in cast.browser(cast.anna).get("/desk/views/mine/").content.decode()
