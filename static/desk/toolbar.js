// The buttons above the text, and the keys that press them.

import { isCommand, isOfIme } from "./keys.js";
import { insertBlock, lastNote, linesAround, prefix, replace, selectionOf, wrap } from "./text.js";

const SHORTCUTS = { b: "bold", i: "italic", k: "link", f: "find" };

const HEADING = /^#{1,6}[ \t]+/;
const LIST = /^[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+/;
const QUOTE = /^> ?/;
const TABLE = "| 項目 | 内容 |\n| --- | --- |\n| 名前 | 説明 |\n| 名前 | 説明 |";

const TOOLS = {
  bold: (textarea) => wrap(textarea, "**", "太字"),
  italic: (textarea) => wrap(textarea, "*", "斜体"),
  heading: (textarea) => prefix(textarea, "## ", HEADING),
  subheading: (textarea) => prefix(textarea, "### ", HEADING),
  list: (textarea) => prefix(textarea, "- ", LIST),
  numbers: (textarea) => prefix(textarea, "1. ", LIST),
  quote: (textarea) => prefix(textarea, "> ", QUOTE),
  table: (textarea) => insertBlock(textarea, TABLE, "項目"),
  code: insertCode,
  footnote: insertFootnote,
};

/** Makes words within a line a code span, and whole lines, or an empty one, a code block. */
function insertCode(textarea) {
  const { text } = selectionOf(textarea);
  const { start, end } = linesAround(textarea);
  const lines = textarea.value.slice(start, end);
  if (!text.includes("\n") && lines.trim()) return wrap(textarea, "`", "コード");
  if (!lines.trim()) return insertBlock(textarea, "```\nコード\n```", "コード");
  const longest = Math.max(2, ...(lines.match(/`+/g) ?? []).map((ticks) => ticks.length));
  const fence = "`".repeat(longest + 1);
  replace(textarea, start, end, `${fence}\n${lines}\n${fence}`);
}

/** Inserts a number at the caret and a note at the end of the text, then moves the caret to the note. */
function insertFootnote(textarea) {
  const name = `[^${lastNote(textarea.value) + 1}]`;
  const at = textarea.selectionEnd;
  const rest = textarea.value.slice(at);
  const body = rest.replace(/\n+$/, "");
  const gap = /(^|\n)\[\^[^\]\n]+\]:[^\n]*$/.test(body) ? "\n" : "\n\n";
  replace(textarea, at, textarea.value.length, `${name}${body}${gap}${name}: 注の内容\n`);
  const end = textarea.value.length - 1;
  textarea.setSelectionRange(end - "注の内容".length, end);
}

export function mountToolbar(root, textarea, dialogs) {
  const bar = root.querySelector("[data-editor-tools]");
  const tools = { ...TOOLS, ...dialogs };
  const buttons = [...bar.querySelectorAll("[data-tool]")];
  for (const button of buttons) button.addEventListener("click", () => tools[button.dataset.tool](textarea));
  textarea.addEventListener("keydown", (event) => {
    const name = toolOf(event);
    if (!(name in tools)) return;
    event.preventDefault();
    tools[name](textarea);
  });
  const head = root.querySelector("[data-editor-head]");
  rove(head);
  bar.hidden = head.hidden = false;
}

function toolOf(event) {
  if (isOfIme(event) || event.altKey || event.shiftKey) return undefined;
  return isCommand(event) ? SHORTCUTS[event.key.toLowerCase()] : undefined;
}

/**
 * Makes the tools and the views one stop of the Tab key, between the standfirst and the text. The arrow keys move between
 * its buttons. The preview hides the tools, and a narrow window a view: if that was the stop, the first one seen is.
 */
function rove(bar) {
  const all = () => [...bar.querySelectorAll("button")]; // other scripts may add theirs
  const focusable = (current) => all().forEach((button) => (button.tabIndex = button === current ? 0 : -1));
  const visible = () => all().filter((button) => button.checkVisibility());
  focusable(all()[0]);
  bar.addEventListener("focusin", (event) => focusable(event.target));
  const keepStop = () => {
    const buttons = visible();
    if (buttons.length && !buttons.some((button) => button.tabIndex === 0)) focusable(buttons[0]);
  };
  bar.addEventListener("click", keepStop);
  new ResizeObserver(keepStop).observe(bar);
  bar.addEventListener("keydown", (event) => {
    const buttons = visible();
    const at = buttons.indexOf(event.target);
    const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    buttons.at(next % buttons.length).focus();
  });
}
