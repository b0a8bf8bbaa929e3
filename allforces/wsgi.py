"""The WSGI application that gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "allforces.settings")
os.environ["ANSWERS_REQUESTS"] = "1"  # statements and the object store get little time here, unlike in a command
django = get_wsgi_application()

from blog.delivery.store import PageStore  # noqa: E402  # only now do the settings and the models stand

application = PageStore(django)
