"""The documents area as a Django application."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "nennep.documents"
    label = "documents"
