"""Targets that are too small to be hit, by axe's rule, which is asked only about those that may be.

That rule takes nearly half of what axe costs. It lets pass whoever is large enough and lies under no other target, and
whoever has room around: most pages have nothing else.
"""

from playwright.sync_api import Page

RULE = "target-size"
# All that the rule may take for a target, and more. Whatever lies over a target, the rule lets it pass if no other lies
# there, and it is 24 px high and wide or as far from all others.
JUDGE = """async () => {
  const TARGETS = "a[href], area[href], button, input, select, summary, textarea, [tabindex]:is([role], td, th)";
  const LEAST = 24;
  const targets = [...document.querySelectorAll(TARGETS)].filter(target => target.getClientRects().length)
    .map(target => ({target, ...target.getBoundingClientRect().toJSON()}));
  const isCrowded = one => targets.some(other => {
    const beside = Math.max(other.left - one.right, one.left - other.right);
    const below = Math.max(other.top - one.bottom, one.top - other.bottom);
    const least = one.width < LEAST || one.height < LEAST ? LEAST : 0;
    return one !== other && beside < least && below < least;
  });
  const include = targets.filter(isCrowded).map(({target}) => target);
  if (!include.length) return [];
  const {violations} = await axe.run(
    {include}, {runOnly: {type: "rule", values: ["target-size"]}, iframes: false, resultTypes: ["violations"]});
  return violations.flatMap(({nodes}) => nodes.map(({html}) => html));
}"""


def too_small(page: Page) -> list[str]:
    """The targets of a page, which has axe, that are too small."""
    return page.evaluate(JUDGE)
