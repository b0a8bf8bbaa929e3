"""What is asked of the search, so that it is asked for every payload."""

from blog.search.query import parse
from tests.hostile.payloads import PAYLOADS

REFUSED = [payload for payload in PAYLOADS if "\0" in payload]
SEARCHED = [payload for payload in PAYLOADS if "\0" not in payload]


def questions(at_once: int) -> list[str]:
    """All payloads as questions. Those of an article, `at_once`, share one where it is read as the terms of each."""
    asked: list[str] = []
    for at in range(0, len(PAYLOADS), at_once):
        together: list[str] = []
        for payload in (payload for payload in PAYLOADS[at : at + at_once] if payload in SEARCHED):
            if together and is_read_as_both(f"{together[-1]} {payload}", together[-1], payload):
                together[-1] += f" {payload}"
            else:
                together.append(payload)
        asked += together
    return asked


def is_read_as_both(question: str, *parts: str) -> bool:
    """A question without a term that excludes: what is wanted beside it would not be found."""
    read, apart = parse(question), [term for part in parts for term in parse(part).terms]
    return not read.is_cut and not read.unwanted and {*read.terms} == {*apart}
