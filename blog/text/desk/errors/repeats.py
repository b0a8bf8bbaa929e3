"""Text that stands earlier in the article, word for word.

The article is compared sentence by sentence, so a paragraph that strings earlier ones together is found as well as one
that was pasted twice. A block is a finding if MIN_REPEAT word characters of it or more are repeats. Of equal sentences
one stays, as a rule the first, so what a fix removes still stands in the article.
"""

from collections.abc import Iterator

from blog.text.desk.errors.copies import Copies
from blog.text.desk.errors.cuts import Cuts
from blog.text.desk.errors.pieces import find_pieces
from blog.text.desk.errors.runs import repeated_units
from blog.text.desk.findings import Finding, World
from blog.text.desk.keys import MIN_REPEAT
from blog.text.desk.reading import Reading, shown


def repeat(article: Reading, world: World) -> Iterator[Finding]:
    by_block = repeated_units(article)
    find_pieces(article, by_block)
    Copies(article, by_block).choose()
    cuts = Cuts(article, by_block)
    for at in cuts.heavy:
        repeated = [unit for unit in by_block[at] if unit.source]
        unit = next((unit for unit in repeated if unit.weight >= MIN_REPEAT), repeated[0])
        line, other = article.line_of(unit.start), article.line_of(unit.origin.start)
        what = "ある文章の繰り返しです" if other <= line else "、同じ文章がその続きとともにあります"
        message = f"{other}行目に{what}。どちらかを消してください。"
        yield Finding("repeat", line, shown(unit.text), message, cuts.fix(at))
