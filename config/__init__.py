"""The roof: how an installation is put together. It may import every floor; no floor imports it."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
