"""What docs/operations.md tells a newcomer to type, and what we type where it names what only they have."""

import re
import secrets
from dataclasses import dataclass
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]
HOST = "magazine.example.jp"
# Where the machine has a copy of the repository, and the certificate that certbot would bring.
REPOSITORY = "/var/tmp/allforces.git"  # noqa: S108  a folder of the root that we make
CERTIFICATES = "/etc/letsencrypt/live/allforces"
PASSWORD = secrets.token_urlsafe(16)
SELF_SIGNED = (
    f"install -d {CERTIFICATES}; openssl req -x509 -nodes -days 2 -newkey ec -pkeyopt ec_paramgen_curve:P-256"
    f" -subj /CN={HOST} -addext subjectAltName=DNS:{HOST}"
    f" -keyout {CERTIFICATES}/privkey.pem -out {CERTIFICATES}/fullchain.pem"
)
CREATE = f"manage.py createsuperuser --no-input --username editor --email editor@{HOST}"
# (what the document says, what we type); each stands in the document.
STAND_INS = (
    (r"https://…", f"file://{REPOSITORY}"),
    (r"^certbot certonly .*$", SELF_SIGNED),
    (r"^certbot reconfigure .*$", ":"),
    (r"YOUR\.HOST", HOST),
    (r"/path/to/jekyll", "blog/sample_content"),
    (
        r"\.venv/bin/python manage\.py createsuperuser",
        f"DJANGO_SUPERUSER_PASSWORD={PASSWORD} .venv/bin/python {CREATE}",
    ),
)


class Stuck(Exception):
    """A step did not work; the message says which and what it said."""


@dataclass(frozen=True)
class Section:
    """What the document has under one heading; its blocks of commands are lists of lines."""

    text: str

    @property
    def blocks(self) -> list[list[str]]:
        found = re.findall(r"^```\n(.*?)^```$", self.text.replace("\\\n", ""), re.MULTILINE | re.DOTALL)
        return [block.splitlines() for block in found]

    @property
    def lines(self) -> list[str]:
        return [line for block in self.blocks for line in block]

    def block(self, word: str) -> list[str]:
        """The one block that has `word`. Raises Stuck."""
        found = [block for block in self.blocks if any(word in line for line in block)]
        if len(found) != 1:
            raise Stuck(f"docs/operations.md has {len(found)} blocks with {word!r}")
        return found[0]


def section(heading: str, source: Path = SOURCE) -> Section:
    """What stands between ``` under "## heading". Raises Stuck if there is no such heading."""
    text = (source / "docs" / "operations.md").read_text("utf-8")
    found = re.search(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    if not found:
        raise Stuck(f"docs/operations.md has no {heading!r}")
    return Section(found[1])


def typed(line: str) -> str:
    """What we type for a line of the document."""
    for pattern, stand_in in STAND_INS:
        line = re.sub(pattern, lambda match, text=stand_in: text, line)
    return line


def release_lines() -> list[str]:
    """How a later release is made: "as above, before `ln`"."""
    path = section("One machine without containers")
    lines = [*path.block("git clone"), *path.block("pip install")]
    return [line for line in lines if not line.startswith("ln ")]


def fill_in(text: str, told: dict[str, str]) -> str:
    """The text of deploy/.env.example as a person changes it, without the line that is for compose. Raises Stuck."""
    for name, value in told.items():
        text, found = re.subn(rf"^{name}=.*$", lambda match, line=f"{name}={value}": line, text, flags=re.MULTILINE)
        if not found:
            raise Stuck(f"deploy/.env.example has no {name}")
    return re.sub("^POSTGRES_PASSWORD=.*\n", "", text, flags=re.MULTILINE)
