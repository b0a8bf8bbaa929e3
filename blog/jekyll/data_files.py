"""CSV tables in `_data`, which Jekyll reads too. They have a header, and hold every text exactly as it is stored."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from blog.jekyll.files.front_matter import FileError, decode
from blog.jekyll.files.tree import MissingFile, Tree
from blog.jekyll.report import Report

FOLDER = "_data"
MAX_ROW = 1_000_000  # characters


class _Lines:
    """The lines of a table. Raises FileError for a row of more than MAX_ROW characters, before it fills the memory."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._row = 0

    def __iter__(self) -> Iterator[str]:
        for line in self._lines:
            self._row += len(line)
            if self._row > MAX_ROW:
                raise FileError(None, f"a row of more than {MAX_ROW:,} characters; nothing after it was read")
            yield line

    def end_row(self) -> None:
        self._row = 0


class Table(NamedTuple):
    """A table. Its first column is required."""

    name: str
    columns: Sequence[str]

    @property
    def file(self) -> str:
        return f"{FOLDER}/{self.name}.csv"

    def write(self, root: Path, rows: Iterable[Sequence[str]]) -> int:
        """Writes the table and returns the number of rows. Without rows it writes no file."""
        rows = iter(rows)
        if (first := next(rows, None)) is None:
            return 0
        path = root / self.file
        path.parent.mkdir(exist_ok=True)
        with path.open("w", encoding="utf-8", newline="") as stream:
            # A lone \r in a text needs quotes, which the CSV writer of Python 3.11 does not add by itself.
            writer = csv.writer(stream, lineterminator="\n", quoting=csv.QUOTE_ALL)
            writer.writerow(self.columns)
            writer.writerow(first)
            return 1 + sum(1 for row in rows if writer.writerow(row))

    def read(self, tree: Tree, report: Report) -> Iterator[tuple[int, dict[str, str]]]:
        """Yields (line, cells by column) of each row, nothing without the file. The report gets what cannot be read.

        A missing column is empty in every row. The reading ends at a quote that is never closed.
        """
        try:
            data = tree.read_data(self.file)
            decode(data)  # raises FileError, with the line, for bytes that are no text
        except MissingFile:
            return
        except FileError as error:
            report.fail(self.file, error)
            return
        text = _Lines(io.TextIOWrapper(io.BytesIO(data), encoding="utf-8-sig", newline=""))
        reader = csv.reader(text, strict=True)
        try:
            header = next(reader, [])
            if self._check(header, report):
                yield from self._rows(reader, text, header, report)
        except FileError as error:
            report.fail(self.file, FileError(reader.line_num + 1, error.reason))
        except csv.Error as error:
            report.fail(self.file, FileError(reader.line_num, f"broken CSV: {error}; the rows after it were not read"))

    def _check(self, header: list[str], report: Report) -> bool:
        if self.columns[0] not in header:
            report.fail(self.file, FileError(1, f"the first line names no column {self.columns[0]!r}"))
            return False
        for column in header:
            if column not in self.columns:
                report.find(self.file, "unknown_column", 1, column)
        return True

    def _rows(
        self, reader: Any, text: "_Lines", header: list[str], report: Report
    ) -> Iterator[tuple[int, dict[str, str]]]:
        line = reader.line_num + 1
        text.end_row()
        for cells in reader:
            text.end_row()
            if len(cells) == len(header):
                found = dict(zip(header, cells, strict=True))
                yield line, {column: found.get(column, "") for column in self.columns}
            elif cells:  # an empty line is no row
                report.fail(self.file, FileError(line, f"{len(cells)} cells under {len(header)} columns"))
            line = reader.line_num + 1
