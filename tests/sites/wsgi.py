"""The site on a day that never changes, so that pages and pictures of it do not either."""

import time_machine

from tests.sites import NOW

time_machine.travel(NOW).start()

from allforces.wsgi import application  # noqa: E402, F401
