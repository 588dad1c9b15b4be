"""Addresses of tickets and their messages."""

from __future__ import annotations

from django.urls import path

from tresen.faces.desk.ticket import (
    callers,
    drafting,
    images,
    messages,
    moving,
    people,
    previews,
    reviews,
    sending,
    views,
    write,
)

urlpatterns = [
    path("tickets/<str:number>/", views.ticket, name="ticket"),
    path("tickets/<str:number>/change/", views.change, name="ticket-change"),
    path("tickets/<str:number>/fields/<slug:name>/", views.field, name="ticket-field"),
    path("tickets/<str:number>/belonging/", views.belonging, name="ticket-belonging"),
    path("tickets/<str:number>/write/", write.write, name="ticket-write"),
    path("tickets/<str:number>/draft/", drafting.draft, name="ticket-draft"),
    path("tickets/<str:number>/drafts/", drafting.kept, name="ticket-drafts"),
    path("tickets/<str:number>/draft/files/", drafting.upload, name="ticket-draft-files"),
    path("tickets/<str:number>/draft/review/", reviews.ask, name="draft-review"),
    path("drafts/<int:pk>/comment/", reviews.comment, name="draft-comment"),
    path("drafts/<int:pk>/give-back/", reviews.give_back, name="draft-give-back"),
    path("uploads/<uuid:pk>/remove/", drafting.remove_upload, name="upload-remove"),
    path("tickets/<str:number>/read/", views.read, name="ticket-read"),
    path("tickets/<str:number>/people/add/", people.person_add, name="ticket-person-add"),
    path("tickets/<str:number>/people/<int:participant>/remove/", people.person_remove, name="ticket-person-remove"),
    path("tickets/<str:number>/caller/", callers.caller, name="ticket-caller"),
    path("messages/<int:pk>/html/", messages.html, name="message-html"),
    path("messages/<int:pk>/images/", images.choose, name="message-images"),
    path("messages/<int:pk>/images/<str:mark>/", images.picture, name="message-image"),
    path("messages/<int:pk>/original/", messages.original, name="message-original"),
    path("messages/<int:pk>/raw/", messages.raw, name="message-raw"),
    path("messages/<int:pk>/files.zip", messages.all_files, name="message-files"),
    path("messages/<int:pk>/held/", messages.held, name="message-held"),
    path("messages/<int:pk>/move/", moving.move, name="message-move"),
    path("moves/<int:event>/take-back/", moving.take_back, name="move-take-back"),
    path("messages/<int:pk>/send-again/", sending.again, name="message-send-again"),
    path("messages/<int:pk>/take-back/", sending.take, name="message-take-back"),
    path("messages/<int:pk>/send-now/", sending.now, name="message-send-now"),
    path("messages/<int:pk>/noted/", sending.noted, name="message-noted"),
    path("messages/<int:pk>/delivery/", sending.delivery, name="message-delivery"),
    path("attachments/<uuid:pk>/", messages.attachment, name="attachment"),
    path("attachments/<uuid:pk>/preview/", previews.preview, name="attachment-preview"),
    path("attachments/<uuid:pk>/pages/<int:number>/", previews.page, name="attachment-page"),
]
