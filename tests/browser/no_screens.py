"""Addresses that are no screens: the other half of screens.py, where tests/house/test_walks.py finds every address."""

from __future__ import annotations

# What has an address but is no screen, and why.
ACT = "acts by POST and answers with another screen"
PART = "a part of a screen, drawn there"
DATA = "bytes or data for programs"
NO_SCREEN = {
    **dict.fromkeys("desk:view-order desk:view-copy desk:view-delete desk:view-restore".split(), ACT),
    **dict.fromkeys(
        """desk:message-images desk:live-leave
        account:passkey setup:agent-factors
        account:sign-out account:own-password account:end-session account:end-sessions desk:ticket-change
        desk:ticket-write desk:draft-comment desk:draft-give-back desk:ticket-draft desk:ticket-draft-files
        desk:upload-remove desk:ticket-proposals desk:ticket-spam desk:ticket-procedure
        setup:learning-now setup:recurring-hole
        desk:ticket-read desk:ticket-caller desk:ticket-person-add desk:ticket-person-remove desk:message-held
        desk:move-take-back desk:ticket-follow desk:ticket-my-part desk:ticket-snooze desk:ticket-wake
        desk:operation-undo desk:announcement-update desk:announcement-state desk:ticket-announce
        desk:checklist-item desk:time-entry desk:notifications-read
        desk:ticket-unlink desk:ticket-lead desk:bin-restore
        desk:message-send-again desk:message-take-back desk:message-send-now desk:message-noted setup:outbox-now
        setup:outbox-give-up setup:mail-texts-reset
        setup:dkim-act setup:agent-deactivate setup:agent-reactivate setup:agent-sign-out
        setup:agent-invite-again setup:brand-logo setup:mailbox-test setup:sign-in-back setup:tag-merge
        setup:oncall-gateway-trial
        setup:tag-delete setup:role-delete
        setup:vip-organisation desk:next-ticket setup:absence-remove setup:own-attendance
        setup:token-revoke setup:saved-reply-archive setup:macro-archive setup:saved-reply-files setup:macro-files
        desk:after desk:ticket-apply desk:article-act desk:article-files desk:article-draft
        desk:ticket-text-insert setup:received-retry setup:received-keep setup:received-restore
        setup:job-retry setup:job-drop setup:calendar-read setup:policy-move setup:rule-order setup:rule-switch
        setup:webhook-act setup:service-picture setup:service-category-picture setup:service-category-delete
        portal:help-vote desk:article-words-settle portal:link-answer portal:link-close
        portal:link-reopen portal:link-confirm portal:request-answer portal:request-close portal:request-reopen
        portal:request-confirm portal:link-hurry portal:request-hurry portal:link-pin
        portal:request-pin
        portal:link-rate portal:request-rate setup:survey-drop
        portal:preferences-ask portal:preferences-link-ask""".split(),
        ACT,
    ),
    **dict.fromkeys(
        """portal:answers-offered setup:policy-trial setup:recurring-look setup:calendar-look
        setup:mail-texts setup:mail-texts-preview setup:saved-reply-preview setup:macro-preview
        desk:start desk:row desk:news desk:live-rows
        desk:live-presence desk:ticket-field desk:article-preview
        desk:ticket-belonging desk:contacts-find desk:search-complete
        desk:offline-ticket desk:message-html desk:message-delivery portal:link-frame portal:request-frame""".split(),
        PART,
    ),
    **dict.fromkeys(
        """desk:manifest desk:offline-worker desk:offline-mark
        healthz readyz desk:notifications-fresh desk:ticket-calls desk:ticket-drafts
        desk:live-stream desk:live-poll
        account:brand-css account:brand-logo desk:message-raw desk:message-files desk:attachment
        desk:message-image desk:attachment-page desk:ticket-text portal:service-picture
        portal:status-feed
        setup:received-bytes portal:help-file portal:help-feed portal:help-feed-in
        portal:help-read portal:robots portal:sitemap portal:sitemap-shelves portal:sitemap-part
        files:file hooks:mail portal:link-file portal:request-file desk:satisfaction-csv""".split(),
        DATA,
    ),
}
