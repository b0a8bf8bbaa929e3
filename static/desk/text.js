// Changes of a text field that Ctrl+Z can undo. An assignment to `value` would clear the undo history.

import { codesOf } from "./code.js";

/** The marks at the beginning of a line. */
const LEAD = /^\s*(?:>\s?)*(?:(?:[-*+]|\d{1,9}[.)])\s+(?:\[[ xX]\]\s+)?|#{1,6}\s+)?/;

/** What marks around it would break: a fence, a picture, a note or the address of a link, and a row of a table. */
const UNMARKABLE = /^(?:`{3,}|~{3,}|!\[|\[[^\]]+\]:)|(?<!\\)\|/;

export function replace(textarea, start, end, text) {
  textarea.focus({ preventScroll: true });
  textarea.setSelectionRange(start, end);
  if (start === end && text === "") return;
  const isOpen = document.activeElement === textarea; // not behind another tab
  const done = isOpen && document.execCommand(text === "" ? "delete" : "insertText", false, text);
  if (done) return;
  textarea.setRangeText(text, start, end, "end");
  textarea.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: "insertText" }));
}

/** Replaces the whole text by `text`, changing only the lines that differ. */
export function replaceAll(textarea, text) {
  const { value } = textarea;
  let [start, end] = [0, 0];
  while (start < value.length && value[start] === text[start]) start++;
  while (end < Math.min(value.length, text.length) - start && value.at(-1 - end) === text.at(-1 - end)) end++;
  // Within a line the browser may move the selection to the next border of a character.
  start = start && value.lastIndexOf("\n", start - 1) + 1;
  const next = value.indexOf("\n", value.length - end);
  end = next < 0 ? 0 : value.length - next;
  replace(textarea, start, value.length - end, text.slice(start, text.length - end));
}

export function selectionOf(textarea) {
  const { selectionStart: start, selectionEnd: end, value } = textarea;
  return { start, end, text: value.slice(start, end) };
}

/** Puts marks around the selection, or removes them. White space at the ends stays outside. */
export function wrap(textarea, mark, placeholder) {
  const { value } = textarea;
  let { start, end, text } = selectionOf(textarea);
  start += text.length - text.trimStart().length;
  end = Math.max(start, end - (text.length - text.trimEnd().length));
  text = value.slice(start, end);
  if (text.includes("\n")) return wrapLines(textarea, mark, start, end);
  const [from, to] = [start - mark.length, end + mark.length];
  if (text && isMarked(value, mark, start, end)) {
    replace(textarea, from, to, text);
    textarea.setSelectionRange(from, from + text.length);
    return;
  }
  if (!text && isClosing(value, mark, start)) return textarea.setSelectionRange(start + mark.length, start + mark.length);
  text ||= placeholder;
  replace(textarea, start, end, mark + text + mark);
  textarea.setSelectionRange(start + mark.length, start + mark.length + text.length);
}

/** Whether the mark that ends words of this line stands right behind the caret, so that the key steps out of it. */
function isClosing(value, mark, caret) {
  const isMark = (stars) => stars === mark || stars === "***";
  const marksIn = (text) => text.match(/\*+|`+/g) ?? [];
  const line = value.slice(value.lastIndexOf("\n", caret - 1) + 1, caret);
  return isMark(value.slice(caret).match(/^(?:\*+|`+)?/)[0]) && marksIn(line).filter(isMark).length % 2 === 1;
}

/** The highest number of a footnote in the text. */
export function lastNote(value) {
  return Math.max(0, ...[...value.matchAll(/\[\^(\d{1,6})\]/g)].map((match) => Number(match[1])));
}

/** Marks the words of each line: a mark neither holds over a blank line, nor begins before that of an item or heading. */
function wrapLines(textarea, mark, start, end) {
  const lines = textarea.value.slice(start, end).split("\n");
  const codes = codesOf(textarea.value.slice(0, end).split("\n")).slice(-lines.length);
  const parts = lines.map((line, at) => (codes[at] ? [line, "", ""] : partsOf(line)));
  const has = (words) => hasMark(words, mark);
  const isOn = parts.every(([, words]) => !words || has(words));
  const changed = parts.map(([lead, words, tail]) => {
    if (!words || (has(words) && !isOn)) return lead + words + tail;
    return lead + (isOn ? words.slice(mark.length, -mark.length) : mark + without(words, mark) + mark) + tail;
  });
  replace(textarea, start, end, changed.join("\n"));
  textarea.setSelectionRange(start, textarea.selectionEnd);
}

/** The marks at the beginning of the line, the words that can be marked, and what stands behind them. */
function partsOf(line) {
  const [lead] = line.match(LEAD);
  const words = line.slice(lead.length).trimEnd();
  if (!/[\p{L}\p{N}]/u.test(words) || UNMARKABLE.test(words)) return [line, "", ""];
  return [lead, words, line.slice(lead.length + words.length)];
}

/** Whether the mark is around the words, and not once more within them. */
function hasMark(words, mark) {
  const inner = words.replace(/^\*+|(?<!\*)\*+$/g, "");
  const start = words.indexOf(inner);
  return isMarked(words, mark, start, start + inner.length) && without(inner, mark) === inner;
}

/** The words without this mark: of three stars the others stay. In code, behind a backslash or apart, stars are no marks. */
function without(words, mark) {
  const left = mark === "**" ? (count) => count % 2 : (count) => count - (count % 2);
  return words.replace(/(`+[^`]*`+|\\.|(?<=\s)\*+(?=\s))|\*+/g, (stars, other) => other ?? "*".repeat(left(stars.length)));
}

/** Whether exactly this mark is on both sides, so that ** does not count as *. */
function isMarked(value, mark, start, end) {
  const before = value.slice(0, start).match(/[*`]*$/)[0];
  const after = value.slice(end).match(/^[*`]*/)[0];
  const has = (marks) => marks === mark || (marks === "***" && mark !== "`");
  return has(before) && has(after);
}

/** Puts the prefix before each line of the selection, instead of a match of `existing`, or removes the prefix. */
export function prefix(textarea, mark, existing) {
  const { start, end } = linesAround(textarea);
  const lines = textarea.value.slice(start, end).split("\n");
  const isOn = lines.every((line) => line.startsWith(mark) || (lines.length > 1 && !line.trim()));
  const changed = lines.map((line) => {
    if (isOn) return line.startsWith(mark) ? line.slice(mark.length) : line;
    return line.trim() || lines.length === 1 ? mark + line.replace(existing, "") : line;
  });
  const text = changed.join("\n");
  replace(textarea, start, end, text);
  if (lines.length > 1) textarea.setSelectionRange(start, start + text.length);
}

/** Inserts a block on separate lines with a blank line on both sides. It does not split the line of the caret. */
export function insertBlock(textarea, block, select = "") {
  const { value } = textarea;
  const line = linesAround(textarea);
  const at = textarea.selectionEnd === line.start ? line.start : line.end;
  const [before, after] = [value.slice(0, at), value.slice(at)];
  const lead = before && "\n".repeat(Math.max(0, 2 - before.match(/\n*$/)[0].length));
  const tail = after ? "\n".repeat(Math.max(0, 2 - after.match(/^\n*/)[0].length)) : "\n";
  replace(textarea, at, at, lead + block + tail);
  const begin = at + lead.length + (select ? block.indexOf(select) : block.length);
  textarea.setSelectionRange(begin, begin + select.length);
}

/** The beginning and end of the selected lines. A line of which only the start is reached does not count. */
export function linesAround(textarea) {
  const { value } = textarea;
  const { start, end } = selectionOf(textarea);
  const last = end > start && value[end - 1] === "\n" ? end - 1 : end;
  const next = value.indexOf("\n", last);
  return { start: start && value.lastIndexOf("\n", start - 1) + 1, end: next < 0 ? value.length : next };
}
