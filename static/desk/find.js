// Finds words in the text, and replaces them so that Ctrl+Z takes all of it back at once.

import { make } from "./elements.js";
import { isOfIme } from "./keys.js";
import { placeOf } from "./lines.js";
import { replace, replaceAll } from "./text.js";
import { number, say } from "./words.js";

/** The tool that opens the panel below the tools. Ctrl+F in the text opens it too. */
export function mountFind(root, textarea) {
  const panel = root.querySelector("[data-find]");
  const part = (name) => panel.querySelector(`[data-find-${name}]`);
  const [words, other, exact, count] = ["words", "other", "exact", "count"].map(part);
  const mark = textarea.parentElement.appendChild(make("div", { className: "editor__mark", hidden: true }));
  let found = [];
  let at = -1;
  let shownAt = 0; // how far the text was scrolled for the match

  function find() {
    const wanted = words.value.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    found = wanted ? [...textarea.value.matchAll(new RegExp(wanted, exact.checked ? "gu" : "giu"))] : [];
    for (const button of panel.querySelectorAll("[data-find-needs]")) button.disabled = !found.length;
  }

  /** Shows a match: the field has no selection to be seen while the focus is in the panel. */
  function show(place) {
    at = found.length ? (place + found.length) % found.length : -1;
    mark.hidden = at < 0;
    tell(at < 0 ? (words.value ? "見つかりません" : "") : `${number.format(at + 1)} / ${number.format(found.length)}件`);
    if (at < 0) return;
    const { index: start, 0: match } = found[at];
    const { top, left, width, height } = placeOf(textarea, start, start + match.length);
    textarea.setSelectionRange(start, start + match.length);
    textarea.scrollTop = top - textarea.clientHeight / 3;
    shownAt = textarea.scrollTop;
    Object.assign(mark.style, {
      insetBlockStart: `${top - textarea.scrollTop + textarea.offsetTop}px`,
      insetInlineStart: `${left}px`,
      inlineSize: `${width}px`,
      blockSize: `${height}px`,
    });
    mark.scrollIntoView({ block: "nearest" }); // on a phone it may stand below the keyboard
  }

  /** The text has changed, and the match that was shown may be another one now, or none. */
  function forget() {
    find();
    at = -1;
    mark.hidden = true;
    tell(found.length ? `${number.format(found.length)}件` : "");
  }

  const tell = (words) => say(count, words);

  /** The first match at or after the caret. */
  function findFromCaret() {
    find();
    show(Math.max(0, nextAtCaret()));
  }

  /** The number of that match; -1 if there is none. */
  function nextAtCaret() {
    return found.findIndex(({ index }) => index >= textarea.selectionStart);
  }

  /** Goes on from the match that is shown. Without one it begins at the caret, in either direction. */
  function step(by) {
    if (at >= 0) return show(at + by);
    find();
    const next = nextAtCaret();
    show(by > 0 ? Math.max(0, next) : (next < 0 ? found.length : next) - 1);
  }

  /** Without a match in sight it shows one and changes nothing. */
  function replaceOne() {
    if (at < 0) return findFromCaret();
    if (mark.hidden) return show(at);
    const { index: start, 0: match } = found[at];
    replace(textarea, start, start + match.length, other.value);
    find();
    const next = found.findIndex(({ index }) => index >= start + other.value.length);
    show(next < 0 ? 0 : next);
    other.focus();
  }

  function replaceEach() {
    find();
    const many = found.length;
    let text = "";
    let done = 0;
    for (const { index, 0: match } of found) {
      text += textarea.value.slice(done, index) + other.value;
      done = index + match.length;
    }
    replaceAll(textarea, text + textarea.value.slice(done));
    find();
    mark.hidden = true;
    tell(`${number.format(many)}件を置き換えました（Ctrl/⌘+Zで元に戻せます）`);
  }

  function open() {
    const { selectionStart: start, selectionEnd: end, value } = textarea;
    const selected = value.slice(start, end);
    if (selected && !selected.includes("\n")) words.value = selected;
    panel.hidden = false;
    part("more").open = matchMedia("(min-width: 768px)").matches;
    words.select();
    words.focus();
    findFromCaret();
  }

  function close() {
    panel.hidden = mark.hidden = true;
    textarea.focus({ preventScroll: true });
  }

  const actions = { next: () => step(1), before: () => step(-1), one: replaceOne, each: replaceEach, close };
  for (const [name, act] of Object.entries(actions)) part(name).addEventListener("click", act);
  words.addEventListener("input", (event) => event.isComposing || findFromCaret());
  words.addEventListener("compositionend", findFromCaret);
  exact.addEventListener("change", findFromCaret);
  textarea.addEventListener("input", () => panel.hidden || forget());
  textarea.addEventListener("scroll", () => (mark.hidden ||= textarea.scrollTop !== shownAt), { passive: true });
  textarea.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || isOfIme(event) || panel.hidden) return;
    event.stopImmediatePropagation(); // the key closes the panel and nothing else
    close();
  });
  panel.addEventListener("keydown", (event) => {
    if (isOfIme(event)) return;
    if (event.key === "Escape") close();
    else if (event.key === "Enter" && event.target === words) step(event.shiftKey ? -1 : 1);
    else if (event.key === "Enter" && event.target === other) found.length && replaceOne();
    else return;
    event.preventDefault(); // Enter in a field of the form would save the article
    event.stopPropagation();
  });
  return open;
}
