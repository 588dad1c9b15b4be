"""How long, and in how much memory, the desk learns all its fields from its own tickets, as `tresen learn` does it."""

from __future__ import annotations

import json
import subprocess
import sys
import time

from tresen.faces.cli.bench_learning.measuring import peak_mb
from tresen.faces.cli.prepare import set_up

# One ticket of so many is spam, as on a desk whose address is known.
SPAM_EACH = 40


def measure_learn() -> dict[str, float]:
    """Figures, taken in a process of its own. Raises RuntimeError when that fails, or learns nothing."""
    _mark_spam()
    command = [sys.executable, "-m", "tresen.faces.cli.bench_learning.of_desk"]
    ended = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    found: dict[str, float] = json.loads(ended.stdout) if ended.returncode == 0 else {}
    if not found.get("tresen learn, fields"):
        raise RuntimeError("the desk could not learn from its tickets")
    return found


def figures() -> dict[str, float]:
    """Learns, and says what it took from the start of the process on."""
    began = time.perf_counter()
    set_up()
    from tresen.service.learning.learning import learn

    found = learn()
    return {
        "tresen learn, tickets": float(max((one.tickets for one in found.values()), default=0)),
        "tresen learn, fields": float(len(found)), "tresen learn, seconds": round(time.perf_counter() - began, 1),
        "tresen learn, seconds of the processor": round(time.process_time(), 1), "tresen learn, MB": peak_mb(),
    }  # fmt: skip


def _mark_spam() -> None:
    """Somebody has said of some tickets that they are spam; all else the sample has."""
    from tresen.core.tickets.models import Ticket
    from tresen.kit import clock
    from tresen.service.learning.models import SpamMark

    keys = Ticket.objects.filter(spam_mark=None).order_by("pk").values_list("pk", flat=True)[::SPAM_EACH]
    at = clock.now()
    SpamMark.objects.bulk_create(
        (SpamMark(ticket_id=key, is_spam=True, name="bench", at=at) for key in keys), batch_size=1000
    )


if __name__ == "__main__":
    print(json.dumps(figures()))
