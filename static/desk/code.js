// Whether a place of the text lies in a fenced block of code, read line by line as the renderer does: a fence may stand in
// a quotation, an item or a note; four spaces further in, it is code itself, and with words behind it, code in a line.
// In a comment and in HTML it is text.

const FENCE = /^ {0,3}(`{3,}(?=[^`]*$)|~{3,})/;
const RULE = /^ {0,3}([-*_])(?: *\1){2,} *$/;
const HEADING = /^ {0,3}#{1,6}(?: |$)/;
const QUOTE = /^ {0,3}> ?/;
const ITEM = /^( {0,3}(?:[-*+]|\d{1,9}[.)]))( +(?! |$)| |$)/;
const NOTE = /^ {0,3}\[\^[^\]\s]+\]: */;
const NOTE_INDENT = 4;
const BLANK = /^\s*$/;
/** What begins HTML, and the line that ends it; a blank one is outside. */
const HTML = [
  [/^ {0,3}<!--/, /-->/],
  [/^ {0,3}<\?/, /\?>/],
  [/^ {0,3}<![a-z]/i, />/],
  [/^ {0,3}<!\[CDATA\[/i, /\]\]>/],
  [/^ {0,3}<(?:pre|script|style|textarea)(?=[\s>]|$)/i, /<\/(?:pre|script|style|textarea)>/i],
  [
    /^ {0,3}<\/?(?:address|article|aside|blockquote|center|details|dialog|div|d[dlt]|fieldset|fig(?:caption|ure)|footer|form|h[1-6r]|header|iframe|legend|li|link|main|menu|nav|[ou]l|option|p|section|summary|table|t(?:body|[dhr]|foot|head))(?=\s|\/?>|$)/i,
    BLANK,
  ],
];
/** Alone in its line, any whole tag begins HTML; but not below a line of text, to which it belongs. */
const LONE_TAG =
  /^ {0,3}<(?:\/[a-z][a-z0-9-]*\s*|[a-z][a-z0-9-]*(?:\s+[a-z_:][\w.:-]*(?:\s*=\s*(?:[^\s"'=<>`]+|"[^"]*"|'[^']*'))?)*\s*\/?)>\s*$/i;
const MOST_MARKS = 100; // of blocks that begin in one line

/** {isQuoted} of the fenced block of code in which a place of the text lies, or null. */
export function codeAt(text, at) {
  const end = text.indexOf("\n", at);
  return codesOf(text.slice(0, end < 0 ? text.length : end).split("\n")).at(-1);
}

/** The same for each line of a text. The line that begins a block lies outside. */
export function codesOf(lines) {
  let around = []; // what the line before stands in: the spaces before the words of an item, or null for a quotation
  let fence = "";
  let html = null; // how the HTML ends
  let isText = false; // whether the line before is one of a paragraph
  return lines.map((line) => {
    const [inside, rest] = insideOf(spaced(line), around);
    const wasText = isText;
    isText = false;
    if (fence && inside === around.length) {
      if (closes(rest, fence)) fence = "";
      return { isQuoted: around.includes(null) };
    }
    if (html && inside === around.length) {
      if (html.test(rest)) html = null;
      return null;
    }
    const [begun, words] = begunBy(rest);
    const goesOn = wasText && !begun.length && inside === around.length; // the paragraph of the line before
    around = [...around.slice(0, inside), ...begun];
    fence = words.match(FENCE)?.[1] ?? "";
    const end = endOfHtml(words) ?? (!goesOn && LONE_TAG.test(words) ? BLANK : null);
    html = end?.test(words) ? null : end; // it may share signs with what begins it: `<!-->` is a whole comment
    isText = !(fence || end || BLANK.test(words) || HEADING.test(words) || RULE.test(words));
    return null;
  });
}

/** How many of the blocks around go on in the line, and what stands behind their marks. */
function insideOf(line, around) {
  let [inside, rest] = [0, line];
  for (const indent of around) {
    const mark = indent === null ? rest.match(QUOTE)?.[0] : rest.trim() ? " ".repeat(indent) : rest;
    if (mark === undefined || !rest.startsWith(mark)) break;
    rest = rest.slice(mark.length);
    inside++;
  }
  return [inside, rest];
}

/** The blocks that begin in the line, and what stands behind their marks. */
function begunBy(line) {
  const begun = [];
  let rest = line;
  while (begun.length < MOST_MARKS && !RULE.test(rest)) {
    const [quote, item, note] = [QUOTE, ITEM, NOTE].map((mark) => rest.match(mark));
    const mark = quote?.[0] ?? (item && item[1] + gapOf(item[2])) ?? note?.[0];
    if (mark === undefined || mark === null) break;
    begun.push(quote ? null : item ? Math.max(mark.length, item[1].length + 1) : NOTE_INDENT);
    rest = rest.slice(mark.length);
  }
  return [begun, rest];
}

/** Of five spaces or more behind the mark of an item, four belong to the code that they begin. */
function gapOf(spaces) {
  return spaces.length > 4 ? " " : spaces;
}

/** How the HTML ends that begins with these words, also below a line of text. */
function endOfHtml(words) {
  return HTML.find(([begin]) => begin.test(words))?.[1];
}

function closes(line, fence) {
  const [, mark] = line.match(FENCE) ?? [];
  return mark !== undefined && mark.startsWith(fence) && line.trim() === mark;
}

/** The line with spaces for its tabs, up to the next of the places that are four apart. */
function spaced(line) {
  let made = "";
  for (const part of line.split(/(\t)/)) made += part === "\t" ? " ".repeat(4 - (made.length % 4)) : part;
  return made;
}
