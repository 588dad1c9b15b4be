"""The addresses of the service catalogue."""

from __future__ import annotations

from django.urls import URLPattern, path

from tresen.faces.setup.services import form_views, shelf_views, task_views, views

urlpatterns: list[URLPattern] = [
    path("services/", views.service_list, name="services"),
    path("services/new/", views.new_service, name="service-new"),
    path("services/categories/new/", shelf_views.new_shelf, name="service-category-new"),
    path("services/categories/<int:shelf_id>/", shelf_views.shelf, name="service-category"),
    path("services/categories/<int:shelf_id>/picture/", shelf_views.shelf_picture, name="service-category-picture"),
    path("services/categories/<int:shelf_id>/delete/", shelf_views.shelf_delete, name="service-category-delete"),
    path("services/<int:service_id>/", views.service, name="service"),
    path("services/<int:service_id>/picture/", views.service_picture, name="service-picture"),
    path("services/<int:service_id>/form/", form_views.form, name="service-form"),
    path("services/<int:service_id>/versions/", form_views.versions, name="service-versions"),
    path("services/<int:service_id>/versions/<int:number>/", form_views.version, name="service-version"),
    path("services/<int:service_id>/tasks/", task_views.tasks, name="service-tasks"),
]
