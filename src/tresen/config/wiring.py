"""The one place that knows everything: who reacts to what, and what the floors offer each other.

Plain lists; their order is the order in life. Entries are dotted paths, imported on first use.
"""

from __future__ import annotations

MAIL = "tresen.channels.mail.reactions"
SEARCH = "tresen.service.search.reactions"

REACTIONS = {
    "ticket.created": [f"{SEARCH}.index_ticket", f"{SEARCH}.index_message", f"{MAIL}.queue_acknowledgement"],
    "ticket.changed": [f"{SEARCH}.index_ticket"],
    "reply.added": [f"{SEARCH}.index_ticket", f"{SEARCH}.index_message", f"{MAIL}.queue_reply"],
    "note.added": [f"{SEARCH}.index_ticket", f"{SEARCH}.index_message"],
    "message.received": [f"{SEARCH}.index_message"],
    "message.held": [f"{SEARCH}.index_message"],
    "message.accepted": [f"{SEARCH}.index_message"],
}

PERMISSIONS = [
    "tresen.core.people.permissions.PEOPLE_PERMISSIONS",
    "tresen.core.tickets.permissions.TICKET_PERMISSIONS",
]

SCHEDULES = [
    ("limits.sweep", 3600),
    ("tickets.sweep_uploads", 3600),
    ("mail.sweep", 3600),
]
