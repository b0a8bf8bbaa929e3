"""The other spellings of tags."""

from collections.abc import Iterable, Sequence

from django.core.exceptions import ValidationError

from blog.models import Tag, TagSpelling
from blog.models.taxonomy import MAX_SPELLING
from blog.queries.tags import find_tags
from blog.text.japanese import normalise_for_search

MAX_SPELLINGS = 30


def check_spellings(tag: Tag, spellings: Sequence[str]) -> None:
    """Raises ValidationError for a spelling that is too long, or that is the name or a spelling of another tag.

    Spellings that the tag has already are not checked again: another tag may have got such a name since.
    """
    if len(spellings) > MAX_SPELLINGS:
        raise ValidationError(f"別表記は{MAX_SPELLINGS}個までです（いまは{len(spellings):,}個）。")
    before = tag.other_spellings if tag.pk else []
    new = {key: word for key, word in keyed(tag, spellings).items() if word not in before}
    if long := [word for key, word in new.items() if max(len(key), len(word)) > MAX_SPELLING]:
        raise ValidationError(f"「{long[0][:20]}…」は長すぎます。別表記は{MAX_SPELLING}字までです。")
    for word, other in find_tags(new.values()).items():
        if other != tag:
            raise ValidationError(
                f"「{word}」は「{other}」というタグです。1つにするには、タグの一覧で選んで「統合する」を使います。"
            )
    taken = TagSpelling.objects.filter(key__in=new).exclude(tag=tag.pk).select_related("tag")
    if problems := [f"「{row}」は「{row.tag}」の別表記です。" for row in taken]:
        raise ValidationError(problems)


def set_spellings(tag: Tag, spellings: Iterable[str]) -> None:
    """Gives a stored tag exactly these other spellings, in this order; writes nothing if it has them.

    Of spellings that differ in case or width only the first is kept, and none that is the name itself.
    """
    wanted = keyed(tag, spellings)
    if tag.other_spellings == list(wanted.values()):
        return
    tag.spellings.all().delete()
    TagSpelling.objects.bulk_create(TagSpelling(tag=tag, spelling=word, key=key) for key, word in wanted.items())


def keyed(tag: Tag, spellings: Iterable[str]) -> dict[str, str]:
    """Maps the key of each spelling to the spelling, without the tag's own name."""
    words: dict[str, str] = {}
    for word in spellings:
        words.setdefault(normalise_for_search(word), word)
    words.pop(normalise_for_search(tag.name), None)
    return words
