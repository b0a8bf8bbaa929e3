// What Enter and Tab do in the text: a list goes on, and the cells of a table are walked. Esc gives the next Tab back to
// the page, so that nobody is kept in a table; there only a second Esc is heard by the room.

import { codeAt } from "./code.js";
import { isOfIme } from "./keys.js";
import { replace } from "./text.js";

const ITEM = /^([ \t]*(?:>[ \t]?)*)(?:([-*+]|\d{1,9}[.)])([ \t]+)(\[[ xX]\][ \t]+)?)?/;
const BAR = /(?<!\\)\|/g;
const DELIMITERS = /^[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$/;

export function mountTyping(textarea) {
  let isLeaving = false;
  textarea.addEventListener("keydown", (event) => {
    if (isOfIme(event)) return;
    const isBare = !event.ctrlKey && !event.metaKey && !event.altKey;
    const step = event.shiftKey ? -1 : 1;
    if (isBare && event.key === "Enter" && step > 0 && goOn(textarea)) event.preventDefault();
    if (isBare && event.key === "Tab" && !isLeaving && toCell(textarea, step)) event.preventDefault();
    if (event.key === "Escape" && !isLeaving && tableAt(textarea.value, textarea.selectionStart)) event.stopPropagation();
    if (event.key !== "Shift") isLeaving = event.key === "Escape";
  });
  textarea.addEventListener("blur", () => (isLeaving = false));
}

/**
 * Begins the next item of the list or line of the quotation at the caret. At an empty one it ends them with a blank line:
 * right below, the next words would still be read as theirs. Code has no items.
 */
function goOn(textarea) {
  const { value, selectionStart: caret, selectionEnd } = textarea;
  const start = value.lastIndexOf("\n", caret - 1) + 1;
  const line = value.slice(start, endOf(value, caret));
  const [whole, quote, bullet, gap, task] = line.match(ITEM);
  if (caret !== selectionEnd || !whole.trim()) return false;
  const code = codeAt(value, start);
  const isList = bullet !== undefined && !code;
  const isQuote = quote.includes(">") && (code?.isQuoted ?? true);
  const mark = code ? quote : whole;
  if (!(isList || isQuote) || caret < start + mark.length) return false;
  if (code) replace(textarea, caret, caret, `\n${quote}`);
  else if (line.slice(mark.length).trim()) replace(textarea, caret, caret, `\n${quote}${isList ? after(bullet) + gap : ""}${task ? "[ ] " : ""}`);
  else replace(textarea, start, start + line.length, /[^\n]\n$/.test(value.slice(0, start)) ? "\n" : "");
  return true;
}

function after(bullet) {
  return bullet.replace(/\d+/, (number) => Number(number) + 1);
}

function endOf(value, at) {
  const end = value.indexOf("\n", at);
  return end < 0 ? value.length : end;
}

/** Selects the next cell of the table at the caret, or the one before. After the last cell a new row begins. */
function toCell(textarea, step) {
  const { value, selectionStart: caret, selectionEnd } = textarea;
  const rows = tableAt(value, caret);
  if (!rows) return false;
  const cells = rows.flatMap(({ line, start }, row) => (row === 1 ? [] : cellsOf(line, start)));
  const now = cells.findIndex(([, , to]) => caret <= to);
  const wanted = cells[now + step];
  if (now < 0 || now + step < 0 || endOf(value, selectionEnd) > rows.at(-1).end) return false;
  if (wanted) textarea.setSelectionRange(wanted[0], wanted[1]);
  else addRow(textarea, rows);
  return true;
}

function addRow(textarea, rows) {
  const { end } = rows.at(-1);
  replace(textarea, end, end, `\n|${"  |".repeat(cellsOf(rows[0].line, 0).length)}`);
  textarea.setSelectionRange(end + 3, end + 3);
}

/** The lines of the table around a place, each with its beginning and end; null if there is none. */
function tableAt(value, caret) {
  const isRow = (line) => line.includes("|");
  let start = value.lastIndexOf("\n", caret - 1) + 1;
  if (!isRow(value.slice(start, endOf(value, start)))) return null;
  while (start > 0) {
    const before = value.lastIndexOf("\n", start - 2) + 1;
    if (!isRow(value.slice(before, start - 1))) break;
    start = before;
  }
  const rows = [];
  for (let at = start; at <= value.length; at = rows.at(-1).end + 1) {
    const line = value.slice(at, endOf(value, at));
    if (!isRow(line)) break;
    rows.push({ line, start: at, end: at + line.length });
  }
  return rows.length > 1 && DELIMITERS.test(rows[1].line) && !codeAt(value, start) ? rows : null;
}

/** The cells of a row: where their words begin and end, and where the cell ends; the last one ends with its line. */
function cellsOf(line, start) {
  const bars = [...line.matchAll(BAR)].map(({ index }) => index);
  if (line.slice(0, bars[0]).trim()) bars.unshift(-1);
  if (line.slice(bars.at(-1) + 1).trim()) bars.push(line.length);
  return bars.slice(1).map((to, number) => {
    const cell = line.slice(bars[number] + 1, to);
    const from = bars[number] + 1 + (cell.trim() ? cell.length - cell.trimStart().length : Math.min(1, cell.length));
    const end = number === bars.length - 2 ? line.length : to;
    return [start + from, start + from + cell.trim().length, start + end];
  });
}
