"""The site on a day that never changes, so that pages and pictures of it do not either."""

from datetime import UTC, datetime

import time_machine

NOW = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)  # noon in Tokyo, after the last article of blog/sample_content
time_machine.travel(NOW).start()

from allforces.wsgi import application  # noqa: E402, F401
