"""Addresses of this face."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from tresen.faces.setup.agents import factor_views
from tresen.faces.setup.agents import views as agents
from tresen.faces.setup.answers import views as answers
from tresen.faces.setup.attendance import views as attendance
from tresen.faces.setup.brands import views as brands
from tresen.faces.setup.calendars import views as calendars
from tresen.faces.setup.categories import views as categories
from tresen.faces.setup.checklists import views as checklists
from tresen.faces.setup.custom_fields import views as custom_fields
from tresen.faces.setup.failed_jobs import views as jobs
from tresen.faces.setup.kept_texts import urls as kept_texts
from tresen.faces.setup.learning import views as learning
from tresen.faces.setup.levels import views as levels
from tresen.faces.setup.mail_folders import handling_views, ledger_views, limits_views, outgoing_views
from tresen.faces.setup.mailboxes import sign_in_views as sign_in
from tresen.faces.setup.mailboxes import views as mailboxes
from tresen.faces.setup.oncall import gateway_views, own_views
from tresen.faces.setup.oncall import views as oncall
from tresen.faces.setup.overview.views import overview
from tresen.faces.setup.policies import views as policies
from tresen.faces.setup.priorities import views as priorities
from tresen.faces.setup.procedures import versions as procedure_versions
from tresen.faces.setup.procedures import views as procedures
from tresen.faces.setup.recurring import views as recurring
from tresen.faces.setup.roles import views as roles
from tresen.faces.setup.routing import views as routing
from tresen.faces.setup.rules import urls as rules
from tresen.faces.setup.sending import dkim_views, outbox_views, replies_views, texts_views
from tresen.faces.setup.services import urls as services
from tresen.faces.setup.statuses import views as statuses
from tresen.faces.setup.surveys import views as surveys
from tresen.faces.setup.tags import views as tags
from tresen.faces.setup.teams import views as teams
from tresen.faces.setup.tokens import views as tokens
from tresen.faces.setup.webhooks import views as webhooks

app_name = "setup"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", overview, name="overview"),
    path("agents/", agents.agent_list, name="agents"),
    path("agents/invite/", agents.invite, name="agent-invite"),
    path("agents/<int:agent_id>/", agents.agent, name="agent"),
    path("agents/<int:agent_id>/deactivate/", agents.deactivate, name="agent-deactivate"),
    path("agents/<int:agent_id>/reactivate/", agents.reactivate, name="agent-reactivate"),
    path("agents/<int:agent_id>/sign-out/", agents.sign_out_everywhere, name="agent-sign-out"),
    path("agents/<int:agent_id>/invite/", agents.send_again, name="agent-invite-again"),
    path("agents/<int:agent_id>/second-factor/", factor_views.factor_reset, name="agent-factors"),
    path("signing-in/", factor_views.signing_in, name="signing-in"),
    path("teams/", teams.team_list, name="teams"),
    path("teams/new/", teams.new_team, name="team-new"),
    path("teams/<int:team_id>/", teams.team, name="team"),
    path("teams/<int:team_id>/assignment/", routing.team_routing, name="team-routing"),
    path("agents/<int:agent_id>/assignment/", routing.agent_routing, name="agent-routing"),
    path("brands/", brands.brand_list, name="brands"),
    path("brands/new/", brands.new_brand, name="brand-new"),
    path("brands/<int:brand_id>/", brands.brand, name="brand"),
    path("brands/<int:brand_id>/logo/", brands.logo, name="brand-logo"),
    path("calendars/", calendars.calendar_list, name="calendars"),
    path("calendars/new/", calendars.new_calendar, name="calendar-new"),
    path("calendars/look/", calendars.calendar_look, name="calendar-look"),
    path("calendars/<int:calendar_id>/", calendars.calendar, name="calendar"),
    path("calendars/<int:calendar_id>/read/", calendars.calendar_read, name="calendar-read"),
    path("service-levels/", policies.policy_list, name="policies"),
    path("service-levels/new/", policies.new_policy, name="policy-new"),
    path("service-levels/<int:policy_id>/", policies.policy, name="policy"),
    path("service-levels/<int:policy_id>/move/", policies.policy_move, name="policy-move"),
    path("service-levels/<int:policy_id>/trial/", policies.policy_trial, name="policy-trial"),
    path("mailboxes/", mailboxes.mailbox_list, name="mailboxes"),
    path("mailboxes/new/", mailboxes.new_mailbox, name="mailbox-new"),
    path("mailboxes/<int:mailbox_id>/", mailboxes.mailbox, name="mailbox"),
    path("mailboxes/<int:mailbox_id>/test/", mailboxes.test_mailbox, name="mailbox-test"),
    path("mailboxes/<int:mailbox_id>/sign-in/", sign_in.mailbox_sign_in, name="mailbox-sign-in"),
    path("mail/sign-in/back/", sign_in.sign_in_back, name="sign-in-back"),
    path("mail/providers/", sign_in.providers, name="mail-providers"),
    *kept_texts.urlpatterns,
    *rules.urlpatterns,
    *services.urlpatterns,
    path("on-call/", oncall.rota_list, name="rotas"),
    path("on-call/mine/", own_views.own_on_call, name="own-on-call"),
    path("on-call/new/", oncall.new_rota, name="rota-new"),
    path("on-call/gateway/", gateway_views.gateway, name="oncall-gateway"),
    path("on-call/gateway/trial/", gateway_views.gateway_trial, name="oncall-gateway-trial"),
    path("on-call/<int:rota_id>/", oncall.rota, name="rota"),
    path("levels/", levels.level_list, name="levels"),
    path("levels/new/", levels.new_level, name="level-new"),
    path("levels/<int:level_id>/", levels.level, name="level"),
    path("statuses/", statuses.status_list, name="statuses"),
    path("statuses/new/", statuses.new_status, name="status-new"),
    path("statuses/<int:status_id>/", statuses.status, name="status"),
    path("categories/", categories.category_list, name="categories"),
    path("categories/new/", categories.new_category, name="category-new"),
    path("categories/<int:category_id>/", categories.category, name="category"),
    path("fields/", custom_fields.field_list, name="custom-fields"),
    path("fields/new/", custom_fields.new_field, name="custom-field-new"),
    path("fields/<int:field_id>/", custom_fields.field, name="custom-field"),
    path("priorities/", priorities.priority_list, name="priorities"),
    path("priorities/<int:brand_id>/", priorities.priority_table, name="priority-table"),
    path("priorities/vip/", priorities.vip_organisation, name="vip-organisation"),
    path("attendance/", attendance.attendance_list, name="attendance"),
    path("attendance/me/", attendance.own_attendance, name="own-attendance"),
    path("attendance/<int:agent_id>/", attendance.attendance_of, name="attendance-of"),
    path("attendance/absences/<int:absence_id>/remove/", attendance.absence_remove, name="absence-remove"),
    path("learning/", learning.page, name="learning"),
    path("learning/now/", learning.learn_now, name="learning-now"),
    path("learning/<slug:field>/", learning.field, name="learning-field"),
    path("procedures/", procedures.procedure_list, name="procedures"),
    path("procedures/new/", procedures.new_procedure, name="procedure-new"),
    path("procedures/<int:procedure_id>/", procedures.procedure, name="procedure"),
    path("procedures/<int:procedure_id>/versions/", procedure_versions.versions, name="procedure-versions"),
    path("procedures/<int:procedure_id>/versions/<int:number>/", procedure_versions.version, name="procedure-version"),
    path("recurring/", recurring.recurring_list, name="recurring-list"),
    path("recurring/new/", recurring.new_recurring, name="recurring-new"),
    path("recurring/look/", recurring.recurring_look, name="recurring-look"),
    path("recurring/<int:recurring_id>/", recurring.recurring, name="recurring"),
    path("recurring/dates/<int:occurrence_id>/", recurring.recurring_hole, name="recurring-hole"),
    path("search-misses/", answers.misses, name="search-misses"),
    path("synonyms/", answers.synonyms, name="synonyms"),
    path("synonyms/<int:group_id>/", answers.synonym_group, name="synonym-group"),
    path("checklists/", checklists.checklists, name="checklists"),
    path("checklists/new/", checklists.new_checklist, name="checklist-new"),
    path("checklists/<int:checklist_id>/", checklists.checklist, name="checklist"),
    path("roles/", roles.role_list, name="roles"),
    path("roles/new/", roles.new_role, name="role-new"),
    path("roles/<int:role_id>/", roles.role, name="role"),
    path("roles/<int:role_id>/delete/", roles.delete, name="role-delete"),
    path("tags/", tags.tag_list, name="tags"),
    path("tags/<int:tag_id>/", tags.tag, name="tag"),
    path("tags/<int:tag_id>/merge/", tags.merge, name="tag-merge"),
    path("tags/<int:tag_id>/delete/", tags.delete, name="tag-delete"),
    path("tokens/", tokens.token_list, name="tokens"),
    path("tokens/<int:token_id>/revoke/", tokens.revoke, name="token-revoke"),
    path("mail/outbox/", outbox_views.outbox, name="outbox"),
    path("mail/outbox/<int:outbox_id>/now/", outbox_views.outbox_now, name="outbox-now"),
    path("mail/outbox/<int:outbox_id>/give-up/", outbox_views.outbox_give_up, name="outbox-give-up"),
    path("mail/texts/", texts_views.mail_texts, name="mail-texts"),
    path("mail/texts/<int:brand_id>/", texts_views.mail_texts_of, name="mail-texts-of"),
    path("mail/texts/<int:brand_id>/preview/", texts_views.mail_texts_preview, name="mail-texts-preview"),
    path("mail/texts/<int:brand_id>/reset/", texts_views.mail_texts_reset, name="mail-texts-reset"),
    path("mail/dkim/", dkim_views.dkim_list, name="dkim"),
    path("mail/dkim/<str:domain>/", dkim_views.dkim_act, name="dkim-act"),
    path("mail/replies/", replies_views.replies, name="replies"),
    path("mail/outgoing/", outgoing_views.outgoing, name="outgoing"),
    path("mail/outgoing/<str:name>/", outgoing_views.outgoing_mail, name="outgoing-mail"),
    path("mail/limits/", limits_views.limits, name="limits"),
    path("mail/ledger/", ledger_views.ledger, name="ledger"),
    path("mail/ledger/sum/", ledger_views.ledger_sum, name="ledger-sum"),
    path("mail/ledger/many/", handling_views.many, name="received-many"),
    path("mail/ledger/<int:raw_id>/", ledger_views.received, name="received"),
    path("mail/ledger/<int:raw_id>/raw/", ledger_views.received_bytes, name="received-bytes"),
    path("mail/ledger/<int:raw_id>/retry/", handling_views.take_in, name="received-retry"),
    path("mail/ledger/<int:raw_id>/ticket/", handling_views.keep, name="received-keep"),
    path("mail/ledger/<int:raw_id>/delete/", handling_views.delete, name="received-delete"),
    path("mail/ledger/<int:raw_id>/restore/", handling_views.take_back, name="received-restore"),
    path("surveys/", surveys.survey_list, name="surveys"),
    path("surveys/all/", surveys.survey, name="survey-of-all"),
    path("surveys/<int:brand_id>/", surveys.survey, name="survey"),
    path("surveys/<int:brand_id>/own/", surveys.survey_drop, name="survey-drop"),
    path("webhooks/", webhooks.webhook_list, name="webhooks"),
    path("webhooks/new/", webhooks.new_webhook, name="webhook-new"),
    path("webhooks/<int:endpoint_id>/", webhooks.webhook, name="webhook"),
    path("webhooks/<int:endpoint_id>/act/", webhooks.webhook_act, name="webhook-act"),
    path("jobs/", jobs.job_list, name="jobs"),
    path("jobs/<int:job_id>/retry/", jobs.retry, name="job-retry"),
    path("jobs/<int:job_id>/drop/", jobs.drop, name="job-drop"),
]
