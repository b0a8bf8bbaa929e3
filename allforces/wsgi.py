"""The WSGI application that gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "allforces.settings")
os.environ["ANSWERS_REQUESTS"] = "1"  # statements have a time-out here; those of a command take the time they need
django = get_wsgi_application()

from blog.delivery.store import PageStore  # noqa: E402  # only now do the settings and the models stand

application = PageStore(django)
