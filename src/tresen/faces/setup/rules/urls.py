"""The addresses of rules."""

from __future__ import annotations

from django.urls import URLPattern, path

from tresen.faces.setup.rules import limits, trying, views

urlpatterns: list[URLPattern] = [
    path("rules/", views.rule_list, name="rules"),
    path("rules/order/", views.rule_order, name="rule-order"),
    path("rules/new/", views.new_rule, name="rule-new"),
    path("rules/limits/", limits.rule_limits, name="rule-limits"),
    path("rules/gallery/", trying.rule_gallery, name="rule-gallery"),
    path("rules/<int:rule_id>/laboratory/", trying.rule_laboratory, name="rule-laboratory"),
    path("rules/<int:rule_id>/", views.rule, name="rule"),
    path("rules/<int:rule_id>/switch/", views.rule_switch, name="rule-switch"),
    path("rules/<int:rule_id>/delete/", views.rule_delete, name="rule-delete"),
    path("rules/<int:rule_id>/versions/", views.rule_versions, name="rule-versions"),
    path("rules/<int:rule_id>/log/", views.rule_log, name="rule-log"),
]
