"""Services over REST: what can be asked for, and asking for it."""

from __future__ import annotations

from tests.cast import Cast, json
from tests.catalog.conftest import equipment
from tresen.core.catalog.models import Request
from tresen.core.tickets.models import Ticket


def test_services_are_listed_with_their_forms_and_asked_for(cast: Cast) -> None:
    service = equipment(team=cast.netz)
    anna = cast.calls(cast.anna)
    listed = json(anna.get("/services"), 200)["items"]
    assert [one["slug"] for one in listed] == ["a-new-device"]
    assert [field["key"] for field in listed[0]["fields"]] == ["about", "device", "size", "count", "reason", "papers"]
    one = anna.get("/services/a-new-device")
    assert json(one, 200)["form"] == 1 and one["ETag"]
    body = {"requester": {"email": "carol@faehrholm.example"}, "answers": {"device": "notebook", "count": 9, "hue": 1}}
    wrong = json(anna.post("/services/a-new-device/requests", body), 400)
    assert {error["field"]: error["detail"] for error in wrong["errors"]} == {
        "answers.size": "Please fill this in.", "answers.count": "At most 5.",
        "answers.hue": "That value is not possible.",
    }  # fmt: skip
    body |= {"answers": {"device": "notebook", "size": "small", "count": 2}, "language": "de", "text": "Bitte bald."}
    made = anna.post("/services/a-new-device/requests", body, idempotency_key="one")
    again = anna.post("/services/a-new-device/requests", body, idempotency_key="one")
    assert json(made, 201)["number"] == json(again, 201)["number"]
    ticket = Ticket.objects.get()
    assert (ticket.subject, ticket.team) == ("Ein neues Gerät: Notebook (de)", cast.netz)
    assert ticket.messages.get().text.endswith("Bitte bald.")
    assert Request.objects.get().answers == {"device": "notebook", "size": "small", "count": 2}
    found = json(anna.get("/tickets?query=service:a-new-device"), 200)["items"]
    assert [row["number"] for row in found] == [ticket.number]
    service.is_active = False
    service.save()
    assert anna.post("/services/a-new-device/requests", body).status_code == 404
    assert anna.get("/services/none").status_code == 404
    assert cast.calls(cast.anna, "read").post("/services/a-new-device/requests", body).status_code == 403
