"""What an editor is advised of: checks that never stop a publication, a module for each kind."""

from blog.text.desk.warnings import (
    archive,
    front_matter,
    headline,
    markup,
    pictures,
    sentences,
    structure,
    widths,
    wording,
)

CHECKS = (
    front_matter.title_long,
    front_matter.title_suffix,
    front_matter.year,
    front_matter.excerpt_template,
    archive.title_used,
    archive.stands_elsewhere,
    headline.head_repeat,
    markup.markup,
    markup.bold,
    structure.h1,
    structure.jump,
    structure.empty_section,
    sentences.broken_off,
    sentences.run_on,
    wording.foreign,
    wording.spelling,
    widths.width,
    pictures.alt,
    pictures.external_image,
)

__all__ = ["CHECKS"]
