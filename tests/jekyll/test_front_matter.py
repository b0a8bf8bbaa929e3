import pytest

from blog.jekyll.reading import MAX_FRONT_MATTER, FileError, parse_document


def test_the_body_is_what_follows_byte_for_byte():
    body = "\n 本文 \t \r\n---\n\n---END---\n\n\n"

    assert parse_document(f"---\ntitle: 題\n---\n{body}".encode()).body == body


def test_lines_count_in_the_file():
    document = parse_document(b"---\ntitle: a\ndate: b\n---\nbody\n")

    assert document.front_matter.lines == {"title": 2, "date": 3}
    assert document.body_line == 5


@pytest.mark.parametrize(
    ("data", "line", "reason"),
    [
        (b"", 1, "no front matter"),
        ("# 見出し\n".encode(), 1, "no front matter"),
        (b"\n---\ntitle: a\n---\n", 1, "no front matter"),
        (b"---\ntitle: a\n", 1, "has no end"),
        (b"---\na: " + b"x" * MAX_FRONT_MATTER + b"\n---\n", 1, "has no end"),
        (b"---\ntitle: a\nb: [c\n---\n", 3, "broken YAML"),
        ("---\ntitle: 題\n---\n".encode("utf-16"), 1, "UTF-16"),
        ("---\ntitle: 題\n---\n".encode("utf-16-le"), 2, "not UTF-8"),
        ("---\ntitle: 題名\n---\n".encode("shift_jis"), 2, "byte 0x91 at position 11"),
        (b"\xef\xbb\xbf---\na: \xff\n---\n", 2, "byte 0xff at position 10"),
        (b"---\ntitle: a\n---\nx\0y\n", 4, "NUL byte at position 18"),
    ],
)
def test_what_cannot_be_read_is_refused_with_line_and_reason(data, line, reason):
    with pytest.raises(FileError, match=reason) as error:
        parse_document(data)

    assert error.value.line == line
