"""Whole pages, in front of Django.

`PageStore(application)`, a WSGI application too, answers anonymous readers from memory and asks for the rest.

What is stored: answers to GET that bear `Surrogate-Key` (`blog.delivery.freshness.shows`): 200, and in a small store of
their own 301 and, for ten seconds, 404 and 410. Never what sets a cookie, is `private`, `no-store` or `no-cache`, or
varies with anything but the encoding. Pages are kept in brotli and gzip; HEAD gets their headers.

Under which key: scheme, host, path and, of a list, number of the page; tracking parameters are dropped. The
application is asked with an environ that is made of the key alone, so nothing else that a reader sends can reach the
next. What has another query, a body, a session cookie or Authorization goes past the store, as it was sent.

How long: while no change touches what the page shows, and until the moment that the page itself names; a 404 while
nothing at all changes. The least recently used pages go when PAGE_STORE_BYTES are full, in each process; 0 stores none.
Where the database is gone, what is held is sent for a day, past its moment too, but nothing that is known as touched.
What was withdrawn as it went is known on the same host; another may not know of its last second. One reader makes a
page while the others wait; for a moment they get what is held if time alone ended it.

Answers have a strong ETag for each encoding and `X-Page-Store`: `hit`, `revalidated` (what changed stands elsewhere),
`miss`, `stale` or `bypass`, which the log counts. What goes past is `private, no-cache` if it says nothing.
"""

from blog.delivery.store.page_store import PageStore as PageStore
