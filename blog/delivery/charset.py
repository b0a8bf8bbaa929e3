"""One encoding for all that is sent to the site, as for what it sends: no form of ours names another."""

import re
from collections.abc import Callable, Iterable
from typing import Any

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

CHARSET = re.compile(r";\s*charset\s*=[^;]*", re.IGNORECASE)


def in_utf8(application: Application) -> Application:
    """Wraps a WSGI application that gets Content-Type without its charset.

    Django decodes the query and the body by the charset that a request names, any codec of Python. For one that is no
    encoding of text, such as `hex`, it raises LookupError before the first middleware, and no page says so.
    """

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if told := environ.get("CONTENT_TYPE"):
            environ["CONTENT_TYPE"] = CHARSET.sub("", told)
        return application(environ, start_response)

    return answer
