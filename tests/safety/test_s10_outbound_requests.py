"""S10: whatever address we are given, no request goes inside, and every refusal looks the same (P5)."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from tests.safety.canary import outside_server, send
from tests.safety.hostile_urls import hostile_urls, names
from tresen.kit.http import Limits, NotReached, fetch, wire

PLAIN = Limits(seconds=5, redirects=3, plain=True)


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Every connection that is begun, to whatever address; none of them is made."""
    addresses: list[Any] = []

    def note(self: socket.socket, address: Any) -> None:
        addresses.append(address)
        raise OSError("no connection in this test")

    monkeypatch.setattr(socket.socket, "connect", note)
    return addresses


def _refusal(url: str) -> str:
    with pytest.raises(NotReached) as refused:
        fetch(url, limits=PLAIN, names=names)
    return str(refused.value)


def test_s10_no_hostile_address_even_begins_a_connection(begun: list[Any]) -> None:
    urls = hostile_urls(8025)
    assert len(set(urls)) >= 80
    texts = {_refusal(url) for url in urls}
    assert begun == [], "a connection was begun"
    assert texts == {"the address could not be reached"}, "refusals can be told apart"


def test_s10_a_public_address_is_spoken_to_at_the_address_that_was_looked_at(begun: list[Any]) -> None:
    assert _refusal("https://example.com/") == _refusal("http://10.0.0.1/")
    assert begun == [("93.184.215.14", 443)]


def test_s10_a_name_that_changes_its_mind_leads_nowhere_else(settings: Any) -> None:
    settings.OUTBOUND_ALLOW = ("127.0.0.2/32",)
    answers = iter([["127.0.0.2"], ["127.0.0.1"], ["127.0.0.1"]])
    with outside_server(lambda h: send(h, b"inside")) as canary:
        with outside_server(lambda h: send(h, b"outside"), host="127.0.0.2") as good:
            url = f"http://rebind.test:{good.port}/"
            assert fetch(url, limits=PLAIN, names=lambda host: next(answers)).body == b"outside"
            with pytest.raises(NotReached):
                fetch(f"http://rebind.test:{canary.port}/", limits=PLAIN, names=lambda host: next(answers))
        assert canary.asked == []
        assert good.asked[0][1]["host"] == f"rebind.test:{good.port}"


def test_s10_a_redirect_is_looked_at_like_any_other_address(settings: Any) -> None:
    settings.OUTBOUND_ALLOW = ("127.0.0.2/32",)
    with outside_server(lambda h: send(h, b"inside")) as canary:
        places = hostile_urls(canary.port)[:60] + [f"http://127.0.0.1:{canary.port}/", "file:///etc/passwd"]

        def lead_astray(handler: Any) -> None:
            send(
                handler,
                b"",
                status=302,
                Location=places[int(handler.path.strip("/"))].encode("ascii", "ignore").decode(),
            )

        with outside_server(lead_astray, host="127.0.0.2") as good:
            for number in range(len(places)):
                if not places[number].isascii() or set("\r\n") & set(places[number]):
                    continue
                with pytest.raises(NotReached):
                    fetch(f"{good.url}/{number}", limits=PLAIN, names=names)
                assert fetch(f"{good.url}/{number}", limits=Limits(seconds=5), names=names).status == 302
        assert canary.asked == []


def test_s10_tls_is_for_the_name_and_not_for_whoever_answers(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.OUTBOUND_ALLOW = ("127.0.0.0/8",)
    asked: list[str] = []

    class Trust:
        def wrap_socket(self, sock: socket.socket, *, server_hostname: str) -> socket.socket:
            asked.append(server_hostname)
            return sock

    monkeypatch.setattr(wire, "_trust", lambda: Trust())
    with outside_server() as server:
        fetch(f"https://hooks.test:{server.port}/x?y=1", names=lambda host: ["127.0.0.1"])
        assert server.asked[0][0] == "/x?y=1"
    assert asked == ["hooks.test"]
