"""The web server of `tresen web`: uvicorn, which ends the open event streams when it is asked to stop."""

from __future__ import annotations

from types import FrameType

import uvicorn

from tresen.service.live.hub import HUB


class Server(uvicorn.Server):
    """Without this it would wait for streams that never end by themselves until its time is up."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """The signal to stop, or to stop at once."""
        HUB.end_all()
        super().handle_exit(sig, frame)


def config(host: str, port: int) -> uvicorn.Config:
    """How we serve, in production and under test."""
    return uvicorn.Config(
        "tresen.config.asgi:application", host=host, port=port, log_config=None, access_log=False, lifespan="off",
        proxy_headers=False, server_header=False, date_header=False, timeout_graceful_shutdown=5,
        h11_max_incomplete_event_size=64 * 1024,
    )  # fmt: skip


def serve(host: str, port: int) -> None:
    """Serves until a signal comes."""
    Server(config(host, port)).run()
