from django.apps import AppConfig


class PacksConfig(AppConfig):
    name = "nennep.packs"
    label = "packs"
