// Lines of a textarea, counted from 1.

import { make } from "./elements.js";

/** The number of the line at a place of the text. */
export function lineOf(text, at) {
  return text.slice(0, at).split("\n").length;
}

/** Brings a line into sight and selects it, unless the selection is to stay as it is. */
export function showLine(textarea, line, { keepsSelection = false } = {}) {
  const lines = textarea.value.split("\n");
  const before = lines.slice(0, line - 1).reduce((sum, { length }) => sum + length + 1, 0);
  textarea.focus({ preventScroll: true });
  if (!keepsSelection) textarea.setSelectionRange(before, before + (lines[line - 1] ?? "").length);
  textarea.scrollTop = placeOf(textarea, before).top - textarea.clientHeight / 3;
  textarea.scrollIntoView({ block: "center" });
}

/** The place of a part of the text in its field, measured on a copy with the same font and width. */
export function placeOf(textarea, start, end = start) {
  const mark = make("span", {}, textarea.value.slice(start, end) || "\u200b");
  const mirror = make("div", { className: "editor__text editor__mirror" }, textarea.value.slice(0, start), mark);
  mirror.style.inlineSize = `${textarea.clientWidth}px`;
  textarea.after(mirror);
  const { left, top } = mirror.getBoundingClientRect();
  const [first] = mark.getClientRects();
  const place = { top: first.top - top, left: first.left - left, width: first.width, height: first.height };
  mirror.remove();
  return place;
}
