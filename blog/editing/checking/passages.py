"""Titles and paragraphs as numbers, by which a database finds articles that share one.

Eight bytes of a hash are enough: among a hundred million paragraphs, the chance that two different ones get the same
number is 1 in 4,000, and the price is one wrong warning.
"""

from hashlib import blake2b

from blog.text.desk import Mentions


def passage_keys(named: Mentions) -> dict[int, str]:
    """The title and the paragraphs that a draft names: the key of each in the check, by its number in the database."""
    numbers = {_number(f"title {key}"): key for key in named.titles}
    return numbers | {_number(f"paragraph {key}"): key for key in named.paragraphs}


def _number(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), signed=True)
