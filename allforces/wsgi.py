"""The WSGI application that gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "allforces.settings")
os.environ["ANSWERS_REQUESTS"] = "1"  # statements have a time-out here; those of a command take the time they need
application = get_wsgi_application()
