"""Validators that others wrote, and the schemas that they are given. Each function returns what is wrong, in words."""

import json
import subprocess
from pathlib import Path

import feedparser
from lxml import etree

SCHEMAS = Path(__file__).parent / "schemas"


def jing_faults(schema: str, files: list[Path]) -> list[str]:
    """What jing finds wrong with the files by the RELAX NG schema."""
    command = ["jing", "-c", SCHEMAS / f"{schema}.rnc", *files]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    return (result.stdout + result.stderr).splitlines() or ([] if result.returncode == 0 else ["jing fails"])


def parser_faults(feed: bytes, content_type: str) -> list[str]:
    """What a strict reader finds wrong; feedparser notes what it had to guess."""
    found = feedparser.parse(feed, response_headers={"content-type": content_type}, sanitize_html=False)
    faults = [str(found.bozo_exception)] if found.bozo else []
    if not found.version:
        faults.append("is no feed")
    for entry in found.entries:
        wanted = ("id", "link", "title", "author", "content", "published_parsed", "updated_parsed")
        faults += [f"{entry.get('title')}: no {name}" for name in wanted if not entry.get(name)]
    return faults


def json_faults(feed: bytes) -> list[str]:
    import jsonschema  # takes a second to build grammars, in each process that collects the tests

    schema = json.loads((SCHEMAS / "jsonfeed.json").read_text())
    errors = jsonschema.Draft202012Validator(schema).iter_errors(json.loads(feed))
    return [f"{error.json_path}: {error.message[:200]}" for error in errors]


def xsd_faults(sitemap: bytes) -> list[str]:
    schema = etree.XMLSchema(etree.parse(SCHEMAS / "sitemap.xsd"))
    try:
        document = etree.fromstring(sitemap)
    except etree.XMLSyntaxError as error:
        return [str(error)]
    schema.validate(document)
    return [f"line {error.line}: {error.message}" for error in schema.error_log]
