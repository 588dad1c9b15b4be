from django.apps import AppConfig


class CatalogConfig(AppConfig):
    name = "tresen.core.catalog"
    label = "catalog"
