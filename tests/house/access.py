"""Who may open what: one entry for every named address. A new address without one fails a house test.

open      anybody
link      whoever holds the unguessable token in the address
person    whoever is signed in
customer  the requester of the ticket and others on it, signed in
staff     any agent
ticket    agents who see that ticket
lead      team leads and administrators
admin     administrators
token     programs with a bearer token; cookies count for nothing
"""

from __future__ import annotations

ACCESS = {
    "open": """
        healthz readyz
        account:second-step account:passkey account:set-up account:set-up-app account:set-up-passkey
        account:mail-link account:mail-link-enter
        account:sign-in account:sign-out account:forgotten account:first-run account:brand-css account:brand-logo
        portal:help portal:help-in portal:help-collection portal:help-article portal:help-file portal:help-feed
        portal:help-feed-in portal:robots portal:sitemap portal:sitemap-shelves portal:sitemap-part
        portal:services portal:service portal:service-picture portal:answers-offered
        portal:help-search portal:help-vote portal:help-thanks portal:help-read
        portal:home portal:guide portal:new-request portal:sent portal:find-link portal:link-sent
        portal:status portal:status-feed portal:status-month portal:status-one portal:status-me-too
        portal:status-subscribe portal:status-unsubscribe
        api:openapi api:docs desk:manifest
    """,
    "link": """
        account:mail-link-open account:reset account:invite files:file hooks:mail
        portal:status-confirm
        portal:link portal:link-answer portal:link-close portal:link-reopen portal:link-confirm portal:link-hurry
        portal:link-pin portal:link-frame portal:link-file
        portal:link-rate portal:survey portal:survey-chosen portal:survey-stop
        portal:preferences-link portal:preferences-link-ask portal:own-data
    """,
    "person": """
        portal:preferences portal:preferences-ask
        account:me account:notifications account:own-password account:end-session account:end-sessions
    """,
    "customer": """
        portal:requests portal:request portal:request-answer portal:request-close portal:request-reopen
        portal:request-confirm portal:request-hurry portal:request-pin portal:request-frame portal:request-file
        portal:request-rate
    """,
    "staff": """
        desk:article-needs desk:article-figures desk:article-words-settle
        desk:start desk:view desk:team desk:search desk:news
        desk:live-stream desk:live-poll desk:live-rows desk:live-leave desk:contacts desk:new-ticket desk:contacts-find
        desk:contact desk:contact-edit setup:overview desk:search-complete
        desk:announcements desk:announcement
        desk:bulk desk:bulk-change desk:bulk-macro desk:bulk-merge
        desk:views desk:view-new desk:view-order desk:view-edit desk:view-copy desk:view-delete desk:view-restore
        desk:notifications desk:notifications-read desk:notifications-fresh
        desk:articles desk:article desk:article-new desk:article-about desk:article-files desk:article-preview
        desk:article-edit desk:article-act desk:article-draft desk:article-versions desk:collections
        desk:operations desk:next-ticket
        account:factors account:app account:app-remove account:passkey-new account:passkey-remove account:codes
        desk:palette account:own-keys desk:offline desk:offline-mark
        desk:offline-worker
        desk:after
        setup:own-attendance setup:own-on-call setup:attendance-of setup:absence-remove
        setup:saved-replies setup:saved-reply-new setup:saved-reply-preview setup:macros setup:macro-new
        setup:macro-preview setup:saved-reply setup:saved-reply-archive setup:saved-reply-files
        setup:macro setup:macro-archive setup:macro-files
    """,
    "ticket": """
        desk:offline-ticket
        desk:ticket-articles desk:row desk:live-presence desk:ticket-rules desk:ticket-clocks
        desk:ticket desk:ticket-change desk:ticket-field desk:ticket-fields desk:ticket-belonging desk:ticket-write
        desk:ticket-texts desk:ticket-text desk:ticket-text-insert desk:ticket-apply
        desk:ticket-proposals desk:ticket-spam desk:ticket-procedure
        desk:ticket-read desk:ticket-follow desk:ticket-my-part desk:ticket-snooze desk:ticket-wake desk:ticket-calls
        desk:draft-review desk:draft-comment desk:draft-give-back
        desk:ticket-draft desk:ticket-drafts desk:ticket-draft-files desk:upload-remove
        desk:side-new desk:side desk:ticket-checklist desk:checklist-item desk:ticket-time desk:time-entry
        desk:ticket-caller desk:ticket-person-add desk:ticket-person-remove desk:message-html desk:message-images
        desk:message-image
        desk:message-original desk:message-raw
        desk:message-files desk:message-held desk:message-move desk:move-take-back desk:operation-undo
        desk:alert desk:ticket-escalate desk:ticket-return desk:ticket-lead
        desk:ticket-announce
        desk:ticket-connect desk:ticket-unlink desk:ticket-split desk:ticket-children
        desk:message-send-again desk:message-take-back desk:message-send-now
        desk:message-noted desk:message-delivery desk:attachment desk:attachment-preview desk:attachment-page
    """,
    "lead": """
        desk:satisfaction desk:satisfaction-csv
        desk:ticket-delete desk:bin desk:bin-restore
        desk:announcement-new desk:announcement-edit desk:announcement-update desk:announcement-state
        setup:attendance setup:search-misses setup:synonyms setup:synonym-group
        desk:collection-new desk:collection
        setup:ledger setup:ledger-sum setup:received setup:received-bytes setup:received-retry setup:received-keep
        setup:received-delete setup:received-restore setup:received-many
    """,
    "admin": """
        setup:agents setup:agent-invite setup:agent setup:agent-deactivate setup:agent-reactivate
        setup:agent-factors setup:signing-in
        setup:agent-sign-out setup:agent-invite-again setup:teams setup:team-new setup:team setup:brands
        setup:brand-new setup:brand setup:brand-logo setup:mailboxes setup:mailbox-new setup:mailbox
        setup:mailbox-test setup:mailbox-sign-in setup:sign-in-back setup:mail-providers
        setup:levels setup:level-new setup:level setup:rotas setup:rota-new setup:rota setup:oncall-gateway
        setup:oncall-gateway-trial
        setup:statuses setup:status-new setup:status setup:tags setup:tag setup:tag-merge
        setup:checklists setup:checklist-new setup:checklist
        setup:tag-delete setup:outbox setup:outbox-now setup:outbox-give-up setup:replies setup:mail-texts
        setup:mail-texts-of setup:mail-texts-preview setup:mail-texts-reset setup:dkim setup:dkim-act
        setup:tokens setup:token-revoke setup:limits setup:outgoing setup:outgoing-mail
        setup:roles setup:role-new setup:role setup:role-delete
        setup:team-routing setup:agent-routing setup:procedures setup:procedure-new setup:procedure
        setup:procedure-versions setup:procedure-version
        setup:recurring-list setup:recurring-new
        setup:recurring-look setup:recurring setup:recurring-hole setup:learning setup:learning-now setup:learning-field
        setup:priorities setup:priority-table setup:vip-organisation
        setup:categories setup:category-new setup:category
        setup:custom-fields setup:custom-field-new setup:custom-field
        setup:surveys setup:survey-of-all setup:survey setup:survey-drop
        setup:jobs setup:job-retry setup:job-drop
        setup:calendars setup:calendar-new setup:calendar-look setup:calendar setup:calendar-read
        setup:webhooks setup:webhook-new setup:webhook setup:webhook-act
        setup:rules setup:rule-order setup:rule-new setup:rule setup:rule-switch setup:rule-delete setup:rule-versions
        setup:rule-log setup:rule-laboratory setup:rule-gallery setup:rule-limits
        setup:services setup:service-new setup:service setup:service-picture setup:service-form setup:service-versions
        setup:service-version setup:service-tasks setup:service-category-new setup:service-category
        setup:service-category-picture setup:service-category-delete
        setup:policies setup:policy-new setup:policy setup:policy-move setup:policy-trial
    """,
    "token": """
        api:services api:service api:service-request
        api:ticket-escalate api:ticket-return
        api:announcements api:announcement api:announcement-create api:announcement-change api:announcement-updates
        api:announcement-update-create
        api:ticket-merge api:ticket-split api:ticket-undo
        api:surveys api:views api:clocks api:rules api:webhooks api:sla-policies api:calendars
        api:rule api:rule-create api:rule-change api:webhook api:webhook-create api:webhook-change
        api:levels api:rotas api:recurring api:procedures api:proposals
        api:articles api:article-create api:article api:article-change api:article-text api:article-publish
        api:article-withdraw api:collections api:collection-create api:collection api:collection-change
        api:tickets api:ticket-create api:ticket api:ticket-change api:ticket-assign api:ticket-snooze api:ticket-events
        api:messages
        api:message-create api:contacts api:contact-create api:contact api:contact-change api:organisations
        api:organisation-create api:organisation api:organisation-change api:agents api:agent api:roles api:teams
        api:team-create api:team api:team-change api:brands api:brand api:attachments api:attachment
        api:saved-replies api:saved-reply-create api:saved-reply api:saved-reply-change api:macros api:macro-create
        api:macro api:macro-change api:attachment-content api:statuses api:categories api:fields api:tags api:search
    """,
}
AREA_OF = {name: area for area, names in ACCESS.items() for name in names.split()}
