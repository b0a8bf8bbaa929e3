"""Links that only their colour tells from the words around, by axe's rule, which is asked where there may be some.

But for contrast it is the one rule that is asked in the dark theme. It lets pass what is underlined in a block that is
not, and what is no part of a sentence: most pages have nothing else, and axe is asked nothing about them.
"""

from playwright.sync_api import Page

RULE = "link-in-text-block"
# All that the rule may find, and more: links that are no blocks, in one with more words than those of its links.
JUDGE = """async () => {
  const styleOf = element => getComputedStyle(element);
  const isBlock = element => /^(block|flex|grid|inline-block|list-item|table)$|^table-/.test(styleOf(element).display);
  const isUnderlined = element => styleOf(element).textDecorationLine.includes("underline");
  const lettersOf = element => element.textContent.replace(/\\s/g, "").length;
  const blockOf = element => !element || isBlock(element) ? element : blockOf(element.parentElement);
  const mayBlend = link => {
    if (!link.checkVisibility() && styleOf(link).display !== "contents" || isBlock(link)) return false;
    const block = blockOf(link.parentElement);
    if (!block) return true;
    if (isUnderlined(link) && !isUnderlined(block)) return false;
    const links = [...block.querySelectorAll("a[href]:not([role])")];
    return lettersOf(block) > links.reduce((sum, other) => sum + lettersOf(other), 0);
  };
  const include = [...document.querySelectorAll("a[href], [role=link]")].filter(mayBlend);
  if (!include.length) return [];
  const {violations} = await axe.run({include},
    {runOnly: {type: "rule", values: ["link-in-text-block"]}, iframes: false, resultTypes: ["violations"]});
  return violations.flatMap(({nodes}) => nodes.map(({html}) => html));
}"""


def blending(page: Page) -> list[str]:
    """The links of a page, which has axe, that only their colour tells from the words around, in the theme it shows."""
    return page.evaluate(JUDGE)
