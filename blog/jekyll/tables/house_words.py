"""The house's word list as a table in `_data`. An import adds missing words and changes none."""

from collections.abc import Iterator

from django.core.exceptions import ValidationError

from blog.jekyll.data_files import Table
from blog.jekyll.files.front_matter import FileError
from blog.jekyll.files.tree import Tree
from blog.jekyll.report import Report
from blog.jekyll.tables.site_data import problem_text
from blog.models import HouseWord

HOUSE_WORDS = Table("house_words", ["word", "kind", "preferred", "note"])


def word_rows() -> Iterator[list[str]]:
    for word in HouseWord.objects.order_by("kind", "word").iterator():
        yield [getattr(word, column) for column in HOUSE_WORDS.columns]


def take_house_words(tree: Tree, report: Report) -> None:
    known = set(HouseWord.objects.values_list("kind", "word"))
    for line, cells in HOUSE_WORDS.read(tree, report):
        word = HouseWord(**cells)
        if (word.kind, word.word) in known:
            continue
        try:
            word.full_clean()
        except ValidationError as error:
            report.fail(HOUSE_WORDS.file, FileError(line, problem_text(error)))
        else:
            word.save()
            known.add((word.kind, word.word))
