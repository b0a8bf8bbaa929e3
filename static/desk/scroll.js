// Keeps editor and preview at the same place: exactly at the headings, in proportion between two of them.

import { codesOf } from "./code.js";
import { make } from "./elements.js";
import { debounce } from "./form.js";

const HEADING = /^ {0,3}(#{1,6})[ \t]/;

export function keepInStep(textarea, frame) {
  const mirror = make("div", { className: "editor__text editor__mirror", ariaHidden: "true" });
  textarea.after(mirror);
  let ties = null;
  let leader = textarea;

  const pageOf = () => frame.contentDocument?.scrollingElement;
  const lead = (element, events, target = element) => {
    for (const name of events) target.addEventListener(name, () => (leader = element), { passive: true });
  };
  const tie = () => (ties ??= tiesBetween(textarea, mirror, frame.contentDocument));

  function follow(from, to, side) {
    if (leader !== from.element || !from.box || !to.box) return;
    const share = from.box.scrollTop / Math.max(1, from.box.scrollHeight - from.box.clientHeight);
    if (share === 0) return void (to.box.scrollTop = 0); // the head of the page has no line in the editor
    const at = between(tie(), side, from.box.scrollTop + share * from.box.clientHeight);
    to.box.scrollTop = at - share * to.box.clientHeight;
  }
  const editor = () => ({ element: textarea, box: textarea });
  const page = () => ({ element: frame, box: pageOf() });

  lead(textarea, ["pointerenter", "focus", "input", "keydown"]);
  lead(frame, ["pointerenter", "focus"]);
  textarea.addEventListener("scroll", () => follow(editor(), page(), "source"), { passive: true });
  new ResizeObserver(debounce(100, () => (ties = null))).observe(textarea);

  return {
    /** Forgets the measured heights. */
    measure: () => (ties = null),
    watch(shown) {
      ties = null;
      lead(frame, ["wheel", "touchstart", "keydown", "pointerdown"], shown);
      shown.addEventListener("scroll", () => follow(page(), editor(), "page"), { passive: true });
    },
  };
}

/** Pairs of heights of the same heading in both panes, in order. */
function tiesBetween(textarea, mirror, shown) {
  const prose = shown.querySelector(".prose");
  const sources = headingsIn(textarea, mirror);
  const targets = prose ? [...prose.querySelectorAll("h1, h2, h3, h4, h5, h6")].map(topOf) : [];
  const ties = [{ source: 0, page: 0 }];
  if (sources.length === targets.length) ties.push(...sources.map((source, at) => ({ source, page: targets[at] })));
  const end = prose ? topOf(prose) + prose.offsetHeight : shown.scrollingElement.scrollHeight;
  return [...ties, { source: textarea.scrollHeight, page: end }];
}

function topOf(element) {
  return element.getBoundingClientRect().top + element.ownerDocument.scrollingElement.scrollTop;
}

/** Heights of the headings in the textarea, measured on a copy of its text with the same font and width. */
function headingsIn(textarea, mirror) {
  mirror.style.inlineSize = `${textarea.clientWidth}px`;
  mirror.replaceChildren();
  const marks = [];
  const lines = textarea.value.split("\n");
  const codes = codesOf(lines);
  lines.forEach((line, at) => {
    const element = mirror.appendChild(make("span", {}, `${line}\n`));
    if (!codes[at] && HEADING.test(line)) marks.push(element);
  });
  const heights = marks.map((mark) => mark.offsetTop);
  mirror.replaceChildren();
  return heights;
}

function between(ties, side, height) {
  const other = side === "source" ? "page" : "source";
  const beyond = ties.findIndex((tie) => tie[side] > height);
  const after = beyond < 1 ? ties.length - 1 : beyond;
  const [low, high] = [ties[after - 1], ties[after]];
  const share = (height - low[side]) / Math.max(1, high[side] - low[side]);
  return low[other] + Math.min(1, share) * (high[other] - low[other]);
}
