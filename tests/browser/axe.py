"""What axe finds on a page, in both themes."""

from collections.abc import Iterable, Iterator

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import BrowserContext, Page

from tests.browser import contrast, links, targets

STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
ADMINS_OWN = ["empty-table-header"]  # rules that a table of the stock admin breaks
HAS_AXE = "'axe' in window"  # from a look at the same page before, or since it was brought into all
RULES_OF_COLOUR = """standards => axe.getRules(["cat.color"])
  .filter(({tags}) => tags.some(tag => standards.includes(tag)) && !tags.includes("experimental"))
  .map(({ruleId}) => ruleId)"""
# No axe is in the frame of a preview, and axe would wait half a second for its answer.
VIOLATIONS = """async options => {
  const {violations} = await axe.run(document, {...options, iframes: false, resultTypes: ["violations"]});
  return violations.map(({id, nodes}) => [id, nodes.map(({html}) => html)]);
}"""
# Finishes the transitions of the theme instead of waiting for them: those of folded parts never end.
NIGHT_HAS_COME = "() => document.getAnimations().forEach(animation => animation.finish())"


def bring_axe(context: BrowserContext) -> None:
    """Brings axe into each page as it begins: later, that costs five times as much."""
    context.add_init_script(AXE_SCRIPT)


def show_theme(page: Page, theme: str) -> None:
    page.emulate_media(color_scheme=theme)
    page.evaluate(NIGHT_HAS_COME)


def each_theme(page: Page) -> Iterator[str]:
    """Shows the theme that the page is in, and then the other: each change lays out and paints the page anew."""
    is_dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    for theme in ("dark", "light") if is_dark else ("light", "dark"):
        show_theme(page, theme)
        yield theme


def violations(page: Page, *, without: Iterable[str] = ()) -> dict[str, list[str]]:
    """The elements that break a rule, by theme and rule; `without` names rules that are not asked."""
    found = {}
    for theme in each_theme(page):
        found |= violations_in(page, theme, without=without)
    return found


def violations_in(page: Page, theme: str, *, without: Iterable[str] = ()) -> dict[str, list[str]]:
    """Those in the theme that the page shows.

    All rules are asked in the light theme. The dark one differs in nothing but colours, so there only those are asked
    that axe itself files under colour. That of contrast is asked once for all texts that look the same, that of links
    in a sentence only about those that may blend into it, that of the size of targets about those with others near.
    """
    if not page.evaluate(HAS_AXE):
        page.evaluate(AXE_SCRIPT)
    off = {rule: {"enabled": False} for rule in (*without, contrast.RULE, links.RULE, targets.RULE)}
    asked: dict[str, object] = {"runOnly": {"type": "tag", "values": STANDARDS}, "rules": off}
    if theme == "dark":
        of_colour = [rule for rule in page.evaluate(RULES_OF_COLOUR, STANDARDS) if rule not in off]
        asked = {"runOnly": {"type": "rule", "values": of_colour}} if of_colour else {}
    found = {f"{theme}: {rule}": nodes for rule, nodes in (page.evaluate(VIOLATIONS, asked) if asked else ())}
    if faint := contrast.faint(page):
        found[f"{theme}: {contrast.RULE}"] = faint
    if blending := links.blending(page):
        found[f"{theme}: {links.RULE}"] = blending
    if theme == "light" and (small := targets.too_small(page)):
        found[f"{theme}: {targets.RULE}"] = small
    return found
