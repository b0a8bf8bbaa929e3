// Makes Markdown of the HTML that word processors, spreadsheets and web pages put on the clipboard. The HTML is parsed
// into a document of its own, in which no script runs and nothing is loaded; of its attributes only safe links stay.

import TurndownService from "./vendor/turndown.js";

const DROPPED = "script, style, template, iframe, object, embed, form, input, button, select, textarea, svg, math, noscript, meta, link, title";
const PICTURES = "img, picture, video, audio, canvas";
const STRUCTURE = "h1, h2, h3, h4, h5, h6, ul, ol, blockquote, a, strong, b, em, i, del, s, p + p, table, hr, code, ruby, note-mark";
/** The links from a text to its notes, and back, as Word, Google Docs and LibreOffice name them. */
const TO_NOTE = /#_?(?:ftn|edn|ftnt|sd(?:foot|end)note)(\d+)(?:sym)?$/;
const FROM_NOTE = /#_?(?:ftnref|ednref|ftnt_ref|sd(?:foot|end)note)(\d+)(?:anc)?$/;
const SAFE = /^(https?:|mailto:)/i;
const KEPT = new Set(["href", "start"]);
const TOO_DEEP = Array(20).fill(":is(li, blockquote)").join(" ");

/** {markdown, hasPictures}, or null for HTML that says no more than its plain text, or is nested too deep. */
export function markdownOf(html, notes = 0) {
  const { body } = new DOMParser().parseFromString(withoutStyles(html), "text/html");
  if (isCode(body)) return null;
  const hasPictures = body.querySelector(PICTURES) !== null;
  body.querySelectorAll(`${DROPPED}, ${PICTURES}`).forEach((element) => element.remove());
  listsOfWord(body);
  listsInItems(body);
  marksOfStyles(body);
  cellsOfLayouts(body);
  notesOfLinks(body, notes);
  headsBelowTitle(body);
  for (const element of body.querySelectorAll("*")) clean(element);
  for (const list of body.querySelectorAll("ol")) number(list);
  if (!body.querySelector(STRUCTURE) || body.querySelector(TOO_DEEP)) return null;
  const markdown = converter().turndown(body).replace(/\u00a0/g, " ").replace(/(?<![ \t])[ \t]+$/gm, "").replace(/^(\[\^\d+\]:) */gm, "$1 ").replace(/\n{3,}/g, "\n\n").trim();
  return { markdown, hasPictures };
}

/** A code editor copies its colours; the plain text is what was written. */
function isCode(body) {
  return /white-space:\s*pre/.test(styleOf(body.firstElementChild)) && /mono|consolas|menlo|courier/i.test(styleOf(body.firstElementChild));
}

/**
 * The content policy applies to the document, too, and would report each style and handler: they get other names. No
 * part of the text is read twice, however many marks in it begin what never ends.
 */
function withoutStyles(html) {
  const bare = html.replace(/<style(?=[\s/>])[\s\S]*?(?:(<\/style\s*>)|$)/gi, (all, end) => (end ? "" : all));
  return bare.replace(/<[^<>]+/g, (tag) => tag.replace(/([\s"'/])(style|on\w+)(?=\s*=)/gi, "$1data-$2"));
}

function styleOf(element) {
  return element?.getAttribute("data-style") ?? "";
}

function clean(element) {
  for (const { name, value } of [...element.attributes]) {
    if (!KEPT.has(name) || (name === "href" && !SAFE.test(value.trim()))) element.removeAttribute(name);
  }
  if (element.localName === "a" && !element.hasAttribute("href")) element.replaceWith(...element.childNodes);
}

/** Word writes a list as paragraphs, each with its level and, in a span to be ignored, its mark. */
function listsOfWord(body) {
  let lists = [];
  for (const paragraph of body.querySelectorAll("p")) {
    const level = Number(/mso-list:[^;]*level(\d)/.exec(styleOf(paragraph))?.[1] ?? 0);
    if (!level || !lists.includes(paragraph.previousElementSibling)) lists = [];
    if (!level) continue;
    const mark = [...paragraph.querySelectorAll("span")].find((span) => /mso-list:\s*ignore/i.test(styleOf(span)));
    const kind = /[0-9a-z]+[.)]/i.test(mark?.textContent ?? "") ? "ol" : "ul";
    mark?.remove();
    const item = body.ownerDocument.createElement("li");
    item.append(...paragraph.childNodes);
    lists.length = Math.min(lists.length, lists[level - 1]?.localName === kind ? level : level - 1);
    while (lists.length < level) {
      const list = body.ownerDocument.createElement(kind);
      if (lists.length) (lists.at(-1).lastElementChild ?? lists.at(-1)).append(list);
      else paragraph.before(list);
      lists.push(list);
    }
    lists.at(-1).append(item);
    paragraph.remove();
  }
}

/** Google Docs puts a list below an item beside it, and a paragraph into each. */
function listsInItems(body) {
  for (const list of body.querySelectorAll(":is(ul, ol) > :is(ul, ol)")) list.previousElementSibling?.append(list);
  for (const paragraph of body.querySelectorAll("li > p:only-of-type")) paragraph.replaceWith(...paragraph.childNodes);
}

/** Google Docs marks words by the style of a span, and puts a `b` that is not bold around the whole. */
function marksOfStyles(body) {
  for (const element of body.querySelectorAll("b, span")) {
    const style = styleOf(element);
    if (element.localName === "b" && /font-weight:\s*normal/.test(style)) element.replaceWith(...element.childNodes);
    else if (element.localName === "span" && !element.closest("h1, h2, h3, h4, h5, h6, a, th")) {
      const marks = [/font-weight:\s*(bold|[6-9]00)/.test(style) && "strong", /font-style:\s*italic/.test(style) && "em"];
      for (const mark of marks.filter(Boolean)) wrapIn(element, mark);
    }
  }
}

/** Footnotes: their numbers go on behind the `notes` that the article has. */
function notesOfLinks(body, notes) {
  for (const link of body.querySelectorAll("a[href]")) {
    const [to, from] = [TO_NOTE, FROM_NOTE].map((pattern) => pattern.exec(link.getAttribute("href"))?.[1]);
    if (!to && !from) continue;
    const mark = body.ownerDocument.createElement("note-mark");
    mark.textContent = `[^${notes + Number(from ?? to)}]${from ? ":" : ""}`;
    (link.closest("sup") ?? link).replaceWith(mark);
  }
  body.querySelectorAll("[data-style*=footnote-list] > hr, [data-style*=endnote-list] > hr").forEach((rule) => rule.remove());
}

/** The title of the article is its only heading of the first level: with one in the text, all headings go down by one. */
function headsBelowTitle(body) {
  if (!body.querySelector("h1")) return;
  for (const head of body.querySelectorAll("h1, h2, h3, h4, h5")) {
    const lower = body.ownerDocument.createElement(`h${Number(head.localName[1]) + 1}`);
    lower.append(...head.childNodes);
    head.replaceWith(lower);
  }
}

function wrapIn(element, name) {
  const mark = element.ownerDocument.createElement(name);
  mark.append(...element.childNodes);
  element.append(mark);
}

/** A table of one cell, or around another table, only lays out a page: its cells become paragraphs. */
function cellsOfLayouts(body) {
  for (const table of body.querySelectorAll("table")) {
    const rows = [...table.rows];
    if (table.querySelectorAll("td, th").length < 2 || table.querySelector("table")) table.replaceWith(...rows.flatMap((row) => [...row.cells].map(paragraphOf)));
  }
}

function paragraphOf(cell) {
  const paragraph = cell.ownerDocument.createElement("p");
  paragraph.append(...cell.childNodes);
  return paragraph;
}

function converter() {
  const turndown = new TurndownService({ headingStyle: "atx", hr: "---", bulletListMarker: "-", codeBlockStyle: "fenced", emDelimiter: "*" });
  turndown.keep(["ruby", "rb", "rt", "rp", "sub", "sup"]);
  turndown.addRule("note", { filter: "note-mark", replacement: (_, mark) => mark.textContent });
  turndown.addRule("struck", { filter: ["del", "s", "strike"], replacement: (content) => `~~${content}~~` });
  turndown.addRule("item", { filter: "li", replacement: (content, item) => itemOf(content, item) });
  turndown.addRule("quote", { filter: "blockquote", replacement: (content) => `\n\n${indented(`> ${content.trim()}`, "> ")}\n\n` });
  turndown.addRule("table", { filter: "table", replacement: (_, table) => tableOf(turndown, table) });
  return turndown;
}

function number(list) {
  const first = Number(list.getAttribute("start") ?? 1);
  [...list.children].forEach((item, at) => (item.dataset.number = first + at));
}

/** The text with an indent before each further line. */
function indented(text, indent) {
  return text.replaceAll("\n", `\n${indent}`);
}

function itemOf(content, item) {
  const mark = item.parentNode.localName === "ol" ? `${item.dataset.number}. ` : "- ";
  const text = mark + content.trim().replace(/(?<!\n)\n{2,}(?=[-\d])/g, "\n");
  return `${indented(text, " ".repeat(mark.length))}${item.nextElementSibling ? "\n" : ""}`;
}

/**
 * The first row becomes the head, since Markdown knows no table without one. It is as wide as the widest; the rows below
 * stay as they are, since the renderer fills them.
 */
function tableOf(turndown, table) {
  const rows = [...table.rows].map((row) => [...row.cells].map((cell) => wordsOf(turndown, cell))).filter((cells) => cells.some(Boolean));
  if (!rows.length) return "";
  const width = Math.max(...rows.map((cells) => cells.length));
  const head = [...rows[0], ...Array(width - rows[0].length).fill("")];
  const [first, ...others] = [head, ...rows.slice(1)].map((cells) => `| ${cells.join(" | ")} |`);
  return `\n\n${[first, `|${" --- |".repeat(width)}`, ...others].join("\n")}\n\n`;
}

function wordsOf(turndown, cell) {
  const lines = turndown.turndown(cell).split("\n").map((line) => line.trim());
  return lines.filter(Boolean).join(" ").replace(/(?<!\\)\|/g, "\\|");
}
