"""The one place that knows everything: who reacts to what, and what the floors offer each other.

Plain lists; their order is the order in life. Entries are dotted paths, imported on first use.
"""

from __future__ import annotations

MAIL = "tresen.channels.mail.reactions"
SEARCH = "tresen.service.search.reactions"
INDEX_ARTICLE = "tresen.service.answers.reactions.index_article"
REFILE = "tresen.channels.mail.merged.refile"
COUNT_TEXTS = "tresen.service.texts.uses.count_use"
FOLLOW_TAG = "tresen.service.texts.changes.follow_tag"
RULES_FOLLOW_TAG = "tresen.service.rules.following.follow_tag"
STOP_PLANNED = "tresen.core.tickets.planning.stop_planned"
READ_MENTIONS = "tresen.core.teamwork.reactions.read_mentions"
RECUR = "tresen.service.recurring.reactions.follow_calendar"
OF_ARTICLE = "tresen.service.notifications.reactions.notify_of_article"
NOTIFY = "tresen.service.notifications.reactions.notify"
CARRY = "tresen.core.teamwork.carrying.carry"
CARRY_HOME = "tresen.core.teamwork.carrying.carry_home"
LOOK_AFTER = "tresen.service.routing.reactions.look_after_ticket"
GIVE = "tresen.service.routing.reactions.give_ticket"
WAKE = "tresen.core.teamwork.snoozing.wake_by_answer"
LOOK_AT = "tresen.service.learning.reactions.look_at_ticket"
ASK_AGAIN = "tresen.service.learning.reactions.ask_again_after_undo"
CLIMB = "tresen.service.levels.reactions.follow_clock"
TELL_OF_FACTOR = "tresen.faces.account.reactions.tell_of_factor"
ON_CALL = "tresen.service.oncall.reactions.follow_level"
BACK_FROM_BIN = "tresen.service.oncall.reactions.follow_bin"
DEEDS = "tresen.service.oncall.reactions.follow_deeds"
CLOCKS = "tresen.service.sla.keeping.follow"
RULES = "tresen.service.rules.engine.run_rules"
CALL = "tresen.service.webhooks.reactions.call_endpoints"
ANNOUNCING = "tresen.service.announcing.reactions"
TELL = f"{ANNOUNCING}.tell_people"
BEGIN = "tresen.core.catalog.reactions.begin_request"
SURVEY = "tresen.service.surveys.reactions.follow_solution"

REACTIONS = {
    "contact.created": ["tresen.service.search.names.index_contact"],
    "contact.changed": ["tresen.service.search.names.index_contact"],
    "organisation.created": ["tresen.service.search.names.index_organisation"],
    "organisation.changed": ["tresen.service.search.names.index_organisation"],
    # Rules come before it is given to somebody: they may say to whom. Who gets it hears of that by its own event.
    "ticket.created": [
        CLOCKS,
        f"{SEARCH}.index_ticket",
        f"{SEARCH}.index_message",
        f"{MAIL}.queue_acknowledgement",
        NOTIFY,
        CALL,
        ON_CALL,
        RULES,
        GIVE,
        LOOK_AT,
        BEGIN,
    ],
    "ticket.changed": [CLOCKS, f"{SEARCH}.index_ticket", DEEDS, ON_CALL, NOTIFY, CALL, RULES, GIVE, SURVEY, BEGIN],
    "ticket.confirmed": [BEGIN],
    "ticket.assigned": [f"{SEARCH}.index_ticket", DEEDS, NOTIFY, CALL, RULES],
    # It is under the root of what it takes back, so no rule runs again that has run for that.
    "change.undone": [
        CLOCKS,
        f"{SEARCH}.index_ticket",
        ASK_AGAIN,
        DEEDS,
        ON_CALL,
        NOTIFY,
        CALL,
        RULES,
        GIVE,
        SURVEY,
        BEGIN,
    ],
    "ticket.escalated": [CLOCKS, READ_MENTIONS, f"{SEARCH}.index_message", ON_CALL, NOTIFY, CALL, RULES, GIVE],
    "oncall.called": [NOTIFY, CALL],
    "oncall.acknowledged": [CLOCKS, NOTIFY, CALL],
    "ticket.returned": [CLOCKS, READ_MENTIONS, f"{SEARCH}.index_message", ON_CALL, NOTIFY, CALL, RULES, GIVE],
    "manager.told": [READ_MENTIONS, f"{SEARCH}.index_message", NOTIFY],
    "reply.added": [
        CLOCKS,
        f"{SEARCH}.index_ticket",
        f"{SEARCH}.index_message",
        f"{MAIL}.queue_reply",
        COUNT_TEXTS,
        "tresen.service.answers.uses.note_sent",
        DEEDS,
        ON_CALL,
        NOTIFY,
        CALL,
        RULES,
        SURVEY,
    ],
    "spam.marked": [CLOCKS, f"{SEARCH}.index_ticket"],
    "spam.unmarked": [CLOCKS, f"{SEARCH}.index_ticket"],
    "ticket.deleted": [CLOCKS, CALL],
    "ticket.restored": [CLOCKS, f"{MAIL}.go_on_sending", BACK_FROM_BIN],
    "reply.planned": [CLOCKS, f"{SEARCH}.index_message"],
    "reply.taken_back": [CLOCKS],
    "note.added": [
        CLOCKS,
        READ_MENTIONS,
        f"{SEARCH}.index_ticket",
        f"{SEARCH}.index_message",
        DEEDS,
        ON_CALL,
        NOTIFY,
        RULES,
    ],
    "message.received": [
        STOP_PLANNED,
        WAKE,
        CLOCKS,
        f"{SEARCH}.index_ticket",
        f"{SEARCH}.index_message",
        ON_CALL,
        NOTIFY,
        CALL,
        RULES,
        LOOK_AFTER,
        SURVEY,
    ],
    # Rules first: what a bad rating does by itself comes before what the survey does with it.
    "survey.rated": [NOTIFY, CALL, RULES, "tresen.service.surveys.reactions.reopen_after_bad"],
    "message.held": [f"{SEARCH}.index_message"],
    "message.accepted": [STOP_PLANNED, WAKE, CLOCKS, f"{SEARCH}.index_message", NOTIFY, RULES, LOOK_AFTER],
    "message.moved": [CLOCKS],
    "message.arrived": [WAKE, CLOCKS, f"{SEARCH}.index_message", REFILE],
    "message.returned": [CLOCKS, f"{SEARCH}.index_message"],
    "draft.review_asked": [NOTIFY],
    "side.planned": [CLOCKS, f"{SEARCH}.index_message"],
    "side.taken_back": [CLOCKS],
    "side.written": [CLOCKS, f"{SEARCH}.index_message", f"{MAIL}.queue_side"],
    "side.received": [CLOCKS, f"{SEARCH}.index_message", NOTIFY, RULES],
    "side.held": [f"{SEARCH}.index_message"],
    "side.accepted": [CLOCKS, f"{SEARCH}.index_message", NOTIFY, RULES],
    "side.reminded": [CLOCKS, NOTIFY],
    "side.settled": [CLOCKS],
    "delivery.changed": [CLOCKS, NOTIFY, RULES],
    "clock.warned": [CALL, RULES, CLIMB],
    "clock.breached": [CALL, RULES, CLIMB],
    "rule.notified": [NOTIFY],
    "ticket.nudged": [NOTIFY],
    "ticket.snoozed": [CLOCKS],
    "ticket.woken": [CLOCKS, NOTIFY, RULES],
    "checklist.changed": [NOTIFY],
    "ticket.split": [CLOCKS],
    "split.undone": [CARRY, CLOCKS, f"{SEARCH}.index_message", REFILE],
    "ticket.merged": [CARRY, CLOCKS, CALL],
    "merge.arrived": [WAKE, CLOCKS, f"{SEARCH}.index_message"],
    "merge.undone": [CARRY_HOME, CLOCKS, f"{SEARCH}.index_ticket", f"{SEARCH}.index_message", REFILE],
    "field.changed": [f"{SEARCH}.index_field"],
    "article.published": [INDEX_ARTICLE],
    "article.withdrawn": [INDEX_ARTICLE],
    "article.review_asked": [OF_ARTICLE],
    "article.reviewed": [OF_ARTICLE],
    "article.commented": [OF_ARTICLE],
    "article.look_due": [OF_ARTICLE],
    "tag.renamed": [FOLLOW_TAG, RULES_FOLLOW_TAG],
    "tag.merged": [FOLLOW_TAG, RULES_FOLLOW_TAG],
    "tag.deleted": [FOLLOW_TAG, RULES_FOLLOW_TAG],
    "announcement.published": [TELL],
    "announcement.updated": [TELL],
    "announcement.resolved": [TELL],
    "announcement.withdrawn": [f"{ANNOUNCING}.follow_withdrawal"],
    "subscription.asked": [f"{ANNOUNCING}.ask_for_confirmation"],
    "calendar.changed": ["tresen.service.sla.services.follow_calendar", RECUR],
    "factor.added": [TELL_OF_FACTOR],
    "factor.removed": [TELL_OF_FACTOR],
    "factor.reset": [TELL_OF_FACTOR],
    "recovery_codes.made": [TELL_OF_FACTOR],
    "recovery_code.used": [TELL_OF_FACTOR],
    "agent.invited": ["tresen.faces.account.reactions.queue_invitation"],
    "agent.deactivated": ["tresen.core.tickets.releasing.queue_release"],
}

EVENT_WORDS = "tresen.faces.desk.event_words.WORDS"

PERMISSIONS = [
    "tresen.service.bulk.permissions.BULK_PERMISSIONS",
    "tresen.core.people.permissions.PEOPLE_PERMISSIONS",
    "tresen.core.attendance.permissions.ATTENDANCE_PERMISSIONS",
    "tresen.core.tickets.permissions.TICKET_PERMISSIONS",
    "tresen.core.teamwork.permissions.TEAMWORK_PERMISSIONS",
    "tresen.core.knowledge.permissions.ARTICLE_PERMISSIONS",
    "tresen.core.catalog.permissions.CATALOG_PERMISSIONS",
    "tresen.core.announcements.permissions.ANNOUNCEMENT_PERMISSIONS",
    "tresen.channels.mail.permissions.MAIL_PERMISSIONS",
    "tresen.service.views.permissions.VIEW_PERMISSIONS",
    "tresen.service.texts.permissions.TEXT_PERMISSIONS",
    "tresen.service.surveys.permissions.SURVEY_PERMISSIONS",
]

SCHEDULES = [
    ("limits.sweep", 3600),
    ("tickets.sweep_uploads", 3600),
    ("tickets.purge_bin", 3600),
    ("tickets.sweep_operations", 86400),
    ("mail.sweep", 3600),
    ("mail.sweep_images", 3600),
    ("mail.watch", 60),
    ("account.sweep", 3600),
    ("sla.watch", 30),
    ("oncall.watch", 900),
    ("rules.watch", 60),
    ("rules.sweep", 3600),
    ("webhooks.sweep", 3600),
    ("knowledge.publish", 30),
    ("knowledge.remind", 3600),
    ("knowledge.count_reads", 3600),
    ("knowledge.clean", 3600),
    ("calendars.read_feeds", 21600),
    ("routing.deal", 60),
    ("learning.settle", 300),
    ("answers.watch", 300),
    ("answers.sweep", 86400),
    ("recurring.make", 60),
    ("learning.learn", 21600),
    ("api.sweep_keys", 3600),
    ("live.sweep", 600),
    ("views.sweep", 86400),
    ("notifications.sweep", 3600),
    ("participation.sweep", 3600),
    ("announcements.watch", 30),
    ("announcing.sweep", 86400),
]

# What comes before work on a request of the catalogue begins (core/catalog/beginning.py): functions that hold it back.
BEFORE_WORK: list[str] = []

# What can be promised (service/sla/metrics.py): a level's or a supplier's target is one more list.
SLA_METRICS = ["tresen.service.sla.metrics.SHIPPED"]
# What decides whether a policy is for a ticket, all of it: `fits(policy, ticket)`. A contract is one more line.
SLA_CONDITIONS = [
    "tresen.service.sla.choosing.fits_organisation",
    "tresen.service.sla.choosing.fits_brand",
    "tresen.service.sla.choosing.fits_priority",
    "tresen.service.sla.choosing.fits_type",
    "tresen.service.sla.choosing.fits_service",
]
# What a rule can do, as its editor offers it (core/tickets/automation.py); another is one more line.
RULE_ACTIONS = [
    "tresen.service.rules.setting.STATUS",
    "tresen.service.rules.setting.BALL",
    "tresen.service.rules.setting.PRIORITY",
    "tresen.service.rules.setting.IMPACT",
    "tresen.service.rules.setting.URGENCY",
    "tresen.service.rules.setting.TYPE",
    "tresen.service.rules.setting.CATEGORY",
    "tresen.service.rules.setting.LANGUAGE",
    "tresen.service.rules.setting.TEAM",
    "tresen.service.rules.setting.ASSIGNEE",
    "tresen.service.routing.rule_actions.GIVE",
    "tresen.service.levels.rule_actions.ESCALATE",
    "tresen.service.levels.rule_actions.TELL_LEADS",
    "tresen.service.rules.setting.ADD_TAGS",
    "tresen.service.rules.setting.REMOVE_TAGS",
    "tresen.service.rules.own_fields.OWN_FIELD",
    "tresen.service.texts.rule_actions.REPLY",
    "tresen.service.texts.rule_actions.MACRO",
    "tresen.service.rules.doing.NOTE",
    "tresen.service.rules.doing.NOTIFY",
    "tresen.service.rules.doing.CHECKLIST",
    "tresen.service.rules.doing.CHILD",
    "tresen.service.rules.doing.SNOOZE",
    "tresen.service.webhooks.rule_actions.CALL",
]
# What counts by a calendar, in plain names; such a calendar cannot be put to rest.
CALENDAR_USERS = [
    "tresen.service.sla.services.policies_with",
    "tresen.service.oncall.services.rotas_with",
    "tresen.service.recurring.services.with_calendar",
]

# What goes along when a ticket is handed up, as text for the note (service/levels/handing.py).
PACKAGE_PARTS = ["tresen.service.procedures.following.said_so_far"]
# What stands for a level, in plain names; such a level cannot be put to rest.
LEVEL_USERS = ["tresen.service.oncall.services.rotas_of_level"]

# What a search line may ask of a ticket (service/search/fields.py).
SEARCH_FIELDS = ["tresen.service.search.fields.TICKET_FIELDS", "tresen.faces.desk.clocks.fields.CLOCK_FIELDS",
                 "tresen.faces.desk.levels.fields.LEVEL_FIELDS", "tresen.faces.desk.catalog.fields.SERVICE_FIELDS",
                 "tresen.faces.desk.satisfaction.fields.RATING_FIELDS"]  # fmt: skip
# Names that no custom field can have, since a search line knows them otherwise.
FIELD_NAMES_TAKEN = "tresen.service.search.custom_kind.names_taken"
# What the search box finds beside tickets (service/search/kinds.py).
SEARCH_KINDS = ["tresen.faces.desk.lists.kinds.PEOPLE", "tresen.faces.desk.lists.kinds.ORGANISATIONS",
                "tresen.faces.desk.answers.finding.ARTICLES"]  # fmt: skip

# What a macro can put beside a ticket's fields (core/tickets/staged.py).
STAGED_BESIDE = {"checklist": "tresen.core.teamwork.templates.CHECKLIST"}
# What an undo takes back besides fields, by the kind of the event (core/tickets/inverse.py).
INVERSES = {"checklist.changed": "tresen.core.teamwork.checklist.take_steps_back"}

# What a person gets that is no answer, and can do without (core/people/topics.py).
TOPICS = ["tresen.service.surveys.topic.SURVEYS", "tresen.service.participation.topics.ANNOUNCEMENTS"]
# What stands in the copy of a person's data besides tickets: name and rows (service/participation/own_data.py).
OWN_DATA = ["tresen.service.surveys.topic.own_ratings"]

# What fills the mail of an outbox row that is none of the mail channel's own, by its kind (channels/mail/compose.py).
MAIL_FILLERS = {"survey": "tresen.service.surveys.mails.fill_survey"}

# What can be done to many tickets beside setting fields (service/bulk/wishes.py).
BULK_WISHES = {"macro": "tresen.service.texts.many.MacroWish", "merge": "tresen.service.bulk.merging.MergeWish"}

# What administrators are told by mail (channels/mail/alarms.py).
ALARMS = [
    "tresen.channels.mail.alarms.unread_mail",
    "tresen.channels.mail.troubles.mail_does_not_flow",
    "tresen.channels.mail.loops.loops",
    "tresen.service.recurring.alarms.holes",
    "tresen.service.rules.alarms.stopped_rules",
    "tresen.service.webhooks.alarms.failing_endpoints",
]

NAVIGATION = [
    "tresen.faces.desk.navigation.TICKETS",
    "tresen.faces.desk.navigation.NEW_TICKET",
    "tresen.faces.desk.navigation.CONTACTS",
    "tresen.faces.desk.announcements.actions.AREA",
    "tresen.faces.desk.satisfaction.views.AREA",
    "tresen.faces.desk.knowledge.actions.AREA",
    "tresen.faces.desk.notices.views.AREA",
    "tresen.faces.desk.navigation.SEARCH",
    "tresen.faces.setup.navigation.SETTINGS_AREA",
]
SETTINGS_NAVIGATION = "tresen.faces.setup.navigation.SETTINGS_NAVIGATION"
PERSON_MENU = "tresen.faces.account.person_menu.PERSON_MENU"

LIVE = ["tresen.faces.desk.live.page.live_page", "tresen.faces.desk.offline.marks.offline_page"]
ACTIONS = [
    "tresen.faces.desk.actions.ACTIONS",
    "tresen.faces.desk.teamwork.actions.ACTIONS",
    "tresen.faces.desk.levels.actions.ACTIONS",
    "tresen.faces.desk.notices.views.ACTIONS",
    "tresen.faces.desk.announcements.actions.ACTIONS",
    "tresen.faces.desk.knowledge.actions.ACTIONS",
]
# The palette (faces/desk/palette): where it looks, in the order of its groups.
PALETTE_URL = "desk:palette"
MANIFEST_URL = "desk:manifest"
PALETTE = [
    "tresen.faces.desk.palette.sources.find_recent",
    "tresen.faces.desk.palette.sources.find_actions",
    "tresen.faces.desk.palette.choices.find_choices",
    "tresen.faces.desk.palette.sources.find_views",
    "tresen.faces.desk.palette.sources.find_tickets",
    "tresen.faces.desk.palette.sources.find_people",
    "tresen.faces.desk.answers.finding.find_articles",
    "tresen.faces.desk.palette.sources.find_settings",
    "tresen.faces.desk.palette.sources.find_elsewhere",
]
STYLES = {
    "desk": [
        "desk/css/ticket.css", "desk/css/teamwork.css", "desk/css/levels.css", "desk/css/composer.css",
        "desk/css/lists.css", "desk/css/operations.css", "desk/css/live.css", "desk/css/offline.css",
        "desk/css/texts.css", "desk/css/learning.css", "desk/css/ratings.css", "desk/css/article-figures.css",
        "desk/css/announcements.css", "desk/css/knowledge.css", "account/css/own.css", "setup/css/setup.css",
        "setup/css/rules.css",
    ],
    "portal": [
        "account/css/own.css", "portal/css/portal-pages.css", "portal/css/knowledge.css",
        "portal/css/status.css", "portal/css/survey.css",
    ],
}  # fmt: skip
SCRIPTS = {
    "desk": [
        "kit/js/asked-fields.js",
        "desk/js/copy-text.js",
        "desk/js/article-offers.js",
        "desk/js/filter-list.js",
        "desk/js/list-pick.js",
        "desk/js/going-on.js",
        "desk/js/kept-focus.js",
        "desk/js/live-list.js",
        "desk/js/live-presence.js",
        "desk/js/live-stream.js",
        "desk/js/live-ticket.js",
        "desk/js/message-frame.js",
        "desk/js/news-bell.js",
        "desk/js/note-calls.js",
        "desk/js/order-list.js",
        "desk/js/present-place.js",
        "desk/js/reply-composer.js",
        "desk/js/rich-text.js",
        "desk/js/search-box.js",
        "desk/js/text-picker.js",
        "desk/js/ticket-scroll.js",
        "desk/js/time-watch.js",
        "desk/js/row-quick.js",
        "desk/js/undo-seconds.js",
        "desk/js/undo-toast.js",
        "desk/js/offline-keeper.js",
    ],
    "portal": ["account/js/own-zone.js", "desk/js/message-frame.js", "kit/js/asked-fields.js",
               "portal/js/file-drop.js", "portal/js/article.js", "portal/js/subject-answers.js"],
}  # fmt: skip
