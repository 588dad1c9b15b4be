"""The one place that knows everything: who reacts to what, and what the floors offer each other.

Plain lists; their order is the order in life. Entries are dotted paths, imported on first use.
"""

from __future__ import annotations

MAIL = "tresen.channels.mail.reactions"

REACTIONS = {
    "ticket.created": [f"{MAIL}.queue_acknowledgement"],
    "reply.added": [f"{MAIL}.queue_reply"],
}

PERMISSIONS = [
    "tresen.core.people.permissions.PEOPLE_PERMISSIONS",
    "tresen.core.tickets.permissions.TICKET_PERMISSIONS",
]

SCHEDULES = [
    ("limits.sweep", 3600),
    ("tickets.sweep_uploads", 3600),
]
