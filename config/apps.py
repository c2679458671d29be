from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Makes the Celery app current when Django starts, so that `shared_task` finds it in every process."""

    name = "config"

    def ready(self) -> None:
        from config import celery  # noqa: F401, PLC0415 - it reads the settings, which are there only now
