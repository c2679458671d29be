"""The web process: granian, or any other WSGI server, runs `config.wsgi:application`."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("PLEIN_PROCESS", "web")  # gets pooled connections and the time limits of a page

from django.core.wsgi import get_wsgi_application

from config.threshold import Threshold

application = Threshold(get_wsgi_application())
