"""Letters that stand out from their ground, by axe's rule, which is asked once for all texts that look the same.

That rule takes three quarters of what axe costs, and judges a look: of a thousand texts on a page, most share one of a
dozen. Whoever looks as a text that has passed, passes.
"""

from playwright.sync_api import Page

RULE = "color-contrast"
# All that the rule reads makes the look of a text: its letters, and each layer of its ground, which are its ancestors.
# A text has a look only where nothing else can be its ground: it lies within each ancestor that paints one, and meets
# no painted box of others. The words of a field, where it has any, are no part of the document: its box stands for
# them. What is cut off on all sides, or lies above the page, is seen by nobody, nor is what is folded away, which has
# its boxes behind others all the same.
#
# The first text of each look is asked about, and the others as well if axe neither lets it pass nor says that it cannot
# judge what stands on a picture: the first may be hidden, or too short to be judged.
JUDGE = """async known => {
  const judged = new Set(known);
  const looks = new Map(), layers = new Map(), painted = [], texts = [];
  const WORDLESS = "[type=hidden], [type=range], [type=color], [type=checkbox], [type=radio], [type=image]";
  const FIELDS = "input, select, textarea", PICTURES = "img, svg, video, canvas, iframe, object";
  for (const element of document.querySelectorAll("*")) {
    const style = getComputedStyle(element), above = layers.get(element.parentElement);
    if (!element.checkVisibility() && style.display !== "contents") continue;
    const ground = [style.backgroundColor, style.backgroundImage];
    const effects = [style.opacity, style.filter, style.mixBlendMode];
    const paints = ground.join() !== "rgba(0, 0, 0, 0),none";
    const plain = !paints && effects.join() === "1,none,normal";
    layers.set(element, (above ?? "") + (plain ? "" : [...ground, ...effects].join(" ") + "|"));
    const apart = element !== document.body && element !== document.documentElement; // those two paint the whole window
    if (apart && (paints || element.matches(`${FIELDS}, ${PICTURES}`))) {
      painted.push([element, element.getBoundingClientRect()]);
    }
    if (style.clipPath === "inset(50%)" || style.clip === "rect(0px, 0px, 0px, 0px)") continue;
    const words = [...element.childNodes].filter(({nodeType, data}) => nodeType === Node.TEXT_NODE && data.trim());
    if (words.length || element.matches(`:is(${FIELDS}):not(${WORDLESS})`)) texts.push([element, style, words]);
  }
  const within = (inner, outer) => inner.left >= outer.left - 1 && inner.right <= outer.right + 1
    && inner.top >= outer.top - 1 && inner.bottom <= outer.bottom + 1;
  const meet = (one, other) => one.left < other.right && other.left < one.right
    && one.top < other.bottom && other.top < one.bottom;
  const range = document.createRange(), unlike = [], first = new Map(), others = [];
  for (const [element, style, words] of texts) {
    const isField = element.matches(FIELDS);
    const lines = isField ? [...element.getClientRects()]
      : words.flatMap(node => { range.selectNode(node); return [...range.getClientRects()]; });
    if (lines.every(({bottom}) => bottom + scrollY <= 0)) continue; // or not shown at all
    const alone = painted.every(([box, place]) => lines.every(
      line => box.contains(element) ? within(line, place) : !meet(line, place)));
    if (!alone) { unlike.push(element); continue; }
    const letters = [style.color, style.webkitTextFillColor, style.webkitTextStroke, style.textShadow,
      style.fontSize, style.fontWeight, isField && `${element.localName} ${element.type}`];
    const look = [...letters, layers.get(element)].join(" ");
    looks.set(element, look);
    if (judged.has(look)) continue;
    if (first.has(look)) others.push(element); else first.set(look, element);
  }
  const broken = new Set();
  const ask = async include => {
    if (!include.length) return;
    const only = {runOnly: {type: "rule", values: ["color-contrast"]}, elementRef: true, iframes: false};
    const {violations, passes, incomplete} = await axe.run(
      {include}, {...only, resultTypes: ["violations", "passes", "incomplete"]});
    const nodes = results => results.flatMap(({nodes}) => nodes);
    nodes(violations).forEach(({html}) => broken.add(html));
    const onPicture = nodes(incomplete).filter(({any}) => ["bgImage", "bgGradient"].includes(any[0].data.messageKey));
    [...nodes(passes), ...onPicture].filter(({element}) => looks.has(element))
      .forEach(({element}) => judged.add(looks.get(element)));
  };
  await ask([...unlike, ...first.values()]);
  await ask(others.filter(element => !judged.has(looks.get(element))));
  return [[...broken], [...judged]];
}"""
_judged: set[str] = set()


def faint(page: Page) -> list[str]:
    """The elements of a page, which has axe, whose letters do not stand out in the theme that it shows."""
    broken, judged = page.evaluate(JUDGE, sorted(_judged))
    _judged.update(judged)
    return broken
