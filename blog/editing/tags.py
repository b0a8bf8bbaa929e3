"""Changes the other spellings and the groups of tags, and suggests tags to merge."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef

from blog.delivery.generation import touch
from blog.models import Post, Tag, TaggedPost, TagGroup, TagSpelling
from blog.models.taxonomy import MAX_SPELLING
from blog.queries.tags import find_tags, number_of_posts
from blog.text.japanese import normalise_for_search
from blog.text.tag_names import Name, Reason, TagNames

MAX_SPELLINGS = 30
REASONS = {Reason.SPELLING: "同じ言葉の別の書き方", Reason.PART: "名前の一部が同じ", Reason.ALIKE: "名前が似ている"}


class MergeSuggestion(NamedTuple):
    """A tag that one article bears, and the tag that it may be merged into."""

    tag: Tag
    into: Tag
    reason: str


def check_spellings(tag: Tag, spellings: Sequence[str]) -> None:
    """Raises ValidationError for a spelling that is too long, or that is the name or a spelling of another tag.

    Spellings that the tag has already are not checked again: another tag may have got such a name since.
    """
    before = tag.other_spellings if tag.pk else []
    if len(spellings) > max(MAX_SPELLINGS, len(before)):  # a merged tag may have more
        raise ValidationError(f"別表記は{MAX_SPELLINGS}個までです（いまは{len(spellings):,}個）。")
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


def hand_over_spellings(sources: Collection[int], into: Tag, more: Iterable[str]) -> None:
    """Gives `into` the other spellings of the tags with the keys `sources`, and `more` words.

    A word that is a spelling of a third tag, or too long, is left out.
    """
    words = [*TagSpelling.objects.filter(tag__in=sources).values_list("spelling", flat=True), *more]
    if not words:
        return
    TagSpelling.objects.filter(tag__in=sources).delete()
    wanted = keyed(into, words)
    taken = set(TagSpelling.objects.filter(key__in=wanted).values_list("key", flat=True))
    free = [word for key, word in wanted.items() if key not in taken and len(key) <= MAX_SPELLING]
    set_spellings(into, [*into.other_spellings, *free])


def keyed(tag: Tag, spellings: Iterable[str]) -> dict[str, str]:
    """Maps the key of each spelling to the spelling, without the tag's own name."""
    words: dict[str, str] = {}
    for word in spellings:
        words.setdefault(normalise_for_search(word), word)
    words.pop(normalise_for_search(tag.name), None)
    return words


@transaction.atomic
def move_tags(tags: Iterable[Tag], group: TagGroup | None) -> list[Tag]:
    """Puts the tags into the group, or into none. Returns those that were elsewhere; they lose their place there.

    Raises TagGroup.DoesNotExist if somebody deleted the group.
    """
    if group:
        TagGroup.objects.select_for_update().get(pk=group.pk)
    stored = Tag.objects.select_for_update(of=("self",)).filter(pk__in=[tag.pk for tag in tags]).order_by("pk")
    moved = [tag for tag in stored if tag.group_id != (group and group.pk)]
    Tag.objects.filter(pk__in=[tag.pk for tag in moved]).update(group=group, position=None)
    if moved:
        touch()
    return moved


def merge_suggestions(only: Tag | None = None) -> list[MergeSuggestion]:
    """Tags that one article bears, in any state, each with the most similar tag, the surest suggestions first.

    Of two such tags that are nearest to each other only one is proposed, into a tag that readers see if there is one.
    With `only`, the suggestion for that tag.
    """
    counted: Any = Tag.objects.annotate(listed=number_of_posts(without=Post.objects.unlisted()))
    tags = {tag.pk: tag for tag in counted.prefetch_related("spellings").defer("description")}
    names = TagNames(
        Name(tag.pk, text, tag.listed) for tag in tags.values() for text in (tag.name, *tag.other_spellings)
    )
    keys = [only.pk] if only else _borne_by_one()
    rare = [tags[pk] for pk in keys if pk in tags]
    found = [(near, tag) for tag in rare if (near := names.nearest(tag.pk, tag.name))]
    found.sort(key=lambda item: (item[0].reason, -item[0].likeness, tags[item[1].pk].listed, item[1].name))
    suggestions: dict[int, MergeSuggestion] = {}
    for near, tag in found:
        mirrored = suggestions.get(near.tag)
        if not (mirrored and mirrored.into.pk == tag.pk):
            suggestions[tag.pk] = MergeSuggestion(tag, tags[near.tag], REASONS[near.reason])
    return list(suggestions.values())


def _borne_by_one() -> list[int]:
    """The keys of the tags that one article bears. It looks at two rows of each tag at most."""
    borne = TaggedPost.objects.filter(tag=OuterRef("pk")).order_by()
    tags = Tag.objects.filter(Exists(borne), ~Exists(borne[1:2])).order_by("pk")
    return list(tags.values_list("pk", flat=True))
