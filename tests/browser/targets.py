"""Targets that are too small to be hit, by axe's rule, which is asked only about those that may be.

That rule takes nearly half of what axe costs. It lets pass whoever is large enough and lies under no other target, and
whoever has room around: most pages have nothing else, and axe is asked nothing about them.
"""

from playwright.sync_api import Page

RULE = "target-size"
# All that the rule may take for a target, and more. It lets one pass that lies under no other and is 24 px high and
# wide, or has its middle 12 px from all others and 24 px from the middle of each. Of one that something lies over, or
# that is broken over lines, it takes parts: each of them passes if the whole is 24 px from all others.
JUDGE = """async () => {
  const TARGETS = "a[href], area[href], button, input, select, summary, textarea, [tabindex]:is([role], td, th)";
  const LEAST = 24;
  const boxesOf = elements => [...elements].filter(element => element.checkVisibility()) // none that is folded away
    .map(element => ({element, ...element.getBoundingClientRect().toJSON()}));
  const middleOf = ({x, y, width, height}) => new DOMRect(x + width / 2, y + height / 2);
  const meet = (one, other) => one.left < other.right && other.left < one.right
    && one.top < other.bottom && other.top < one.bottom;
  const apart = (one, other) => Math.hypot(
    Math.max(other.left - one.right, 0, one.left - other.right),
    Math.max(other.top - one.bottom, 0, one.top - other.bottom));
  const targets = boxesOf(document.querySelectorAll(TARGETS));
  let everything;
  const isWhole = one => {
    everything ??= boxesOf(document.body.querySelectorAll("*"));
    const isOver = ({element}) => !element.contains(one.element)
      && (element.matches(TARGETS) || !one.element.contains(element));
    return one.element.getClientRects().length === 1 && !everything.some(other => meet(one, other) && isOver(other));
  };
  const isNear = (one, other) => {
    if (meet(one, other)) return true;
    if (Math.min(one.width, one.height) >= LEAST || apart(one, other) >= LEAST) return false;
    const middle = middleOf(one), isClose = apart(middle, other) < LEAST / 2 || apart(middle, middleOf(other)) < LEAST;
    return isClose || !isWhole(one) || !isWhole(other);
  };
  const crowded = targets.filter(one => targets.some(other => one !== other && isNear(one, other)));
  if (!crowded.length) return [];
  const {violations} = await axe.run({include: crowded.map(({element}) => element)},
    {runOnly: {type: "rule", values: ["target-size"]}, iframes: false, resultTypes: ["violations"]});
  return violations.flatMap(({nodes}) => nodes.map(({html}) => html));
}"""


def too_small(page: Page) -> list[str]:
    """The targets of a page, which has axe, that are too small."""
    return page.evaluate(JUDGE)
