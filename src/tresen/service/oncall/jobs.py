"""Jobs of on-call: one is called after the other; holes in rotas are told before they come."""

from __future__ import annotations

from datetime import datetime

from tresen.spine.jobs.registry import job


@job("oncall.call_next")
def call_next(*, alert_id: int) -> None:
    """Calls the next one, if nobody has acknowledged."""
    from tresen.service.oncall.calling import call_next as call

    call(alert_id)


@job("oncall.mail", queue="mail-out", outside=True)
def mail_call(*, call_id: int) -> None:
    """The call by mail, with the way to acknowledge."""
    from tresen.service.oncall.telling import mail_call as mail

    mail(call_id)


@job("oncall.ring", queue="calls-out", outside=True, max_attempts=5)
def ring(*, call_id: int) -> None:
    """The call through the gateway, where there is one."""
    from tresen.service.oncall.telling import ring as send

    send(call_id)


@job("oncall.try_gateway", queue="calls-out", outside=True, max_attempts=1)
def try_gateway(*, agent_id: int, since: str) -> None:
    """A trial of the gateway; what was answered is kept."""
    from tresen.service.oncall.telling import try_gateway as send

    send(agent_id, datetime.fromisoformat(since))


@job("oncall.watch", outside=True)
def watch() -> None:
    """Tells keepers of holes that are to come."""
    from tresen.service.oncall.telling import tell_holes

    tell_holes()
