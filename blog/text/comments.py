"""HTML comments in a body: notes that the page does not show."""

import re

_OPENING = re.compile(r"^ {0,3}(?P<fence>`{3,}|~{3,})|(?P<code>`[^`\n]+`)|(?P<begin>^ {0,3})?<!--", re.MULTILINE)


def without_comments(body: str) -> str:
    """Leaves out the comments of a body in Markdown; what looks like one within fences or a code span stays.

    One that begins a line and never ends takes the rest of the text with it, as on the page. Between indented lines of
    code comments go too: better less than the page shows than more.
    """
    kept, at, place, has_ends = [], 0, 0, True
    while opening := _OPENING.search(body, place):
        if fence := opening["fence"]:
            closes = re.compile(rf"^ {{0,3}}{fence[0]}{{{len(fence)},}}[ \t]*$", re.MULTILINE)
            closing = closes.search(body, opening.end())
            place = closing.end() if closing else len(body)
            continue
        place = opening.end()
        if opening["code"] is not None:
            continue
        end = body.find("-->", opening.end() - 2) if has_ends else -1  # `<!-->` is a whole one
        has_ends = end >= 0
        if not has_ends and opening["begin"] is None:
            continue
        kept.append(body[at : opening.start()])
        at = place = end + 3 if has_ends else len(body)
    return "".join([*kept, body[at:]])
