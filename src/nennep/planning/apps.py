"""The planning area as a Django application."""

from django.apps import AppConfig


class PlanningConfig(AppConfig):
    name = "nennep.planning"
    label = "planning"
