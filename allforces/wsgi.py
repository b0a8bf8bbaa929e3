"""The WSGI application that gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "allforces.settings")
os.environ["ANSWERS_REQUESTS"] = "1"  # unlike a command: little time for others, and no answer before it is on the disk
django = get_wsgi_application()

# Only now do the settings and the models stand.
from blog.delivery.bodies import in_utf8  # noqa: E402
from blog.delivery.generation import present  # noqa: E402
from blog.delivery.store import PageStore  # noqa: E402

present.mark.read()  # a file of root, made by a command, stops the start once, not each request
application = PageStore(in_utf8(django))
