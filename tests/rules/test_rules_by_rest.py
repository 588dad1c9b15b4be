"""/rules, /webhooks."""

from __future__ import annotations

from tests.cast import TEST, Cast, json
from tests.rules.conftest import NewRule
from tresen.service.webhooks.services import create_endpoint


def test_administrators_read_rules_and_webhooks_and_no_secret(cast: Cast, rule: NewRule) -> None:
    rule("Up", "created", "vpn", priority=4)
    create_endpoint(set={"name": "Other", "url": "https://hooks.example/in", "kinds": ["ticket.created"]}, by=TEST)
    anna, ada = cast.calls(cast.anna), cast.calls(cast.ada)
    assert [anna.get(path).status_code for path in ("/rules", "/webhooks")] == [403, 403]
    (told,) = json(ada.get("/rules"), 200)["items"]
    assert told["condition"] == "vpn" and told["actions"] == [{"do": "priority", "value": "4"}] and told["version"] == 1
    (said,) = json(ada.get("/webhooks"), 200)["items"]
    assert said["url"] == "https://hooks.example/in" and not {"secret", "old_secret"} & said.keys()
