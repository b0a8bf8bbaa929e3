// Whether a place of the text lies in a fenced block of code, which may stand in a quotation, an item or a note.

/** The marks of quotations, items and notes before the words of a line. */
const LEAD = /^(?:[ \t]*(?:>|(?:[-*+]|\d{1,9}[.)]|\[\^[^\]\s]+\]:)(?=[ \t]|$)))*[ \t]*/;
const FENCE = /^(?:`{3,}(?=[^`]*$)|~{3,})/;

/** {isQuoted} of the fenced block of code in which a place of the text lies, or null. */
export function codeAt(text, at) {
  const end = text.indexOf("\n", at);
  return codesOf(text.slice(0, end < 0 ? text.length : end).split("\n")).at(-1);
}

/** The same for each line of a text. The line that begins a block lies outside. */
export function codesOf(lines) {
  let block = null;
  return lines.map((line) => {
    const rest = block && restIn(line, block);
    if (block && rest !== null) {
      const code = { isQuoted: block.quotes > 0 };
      if (closes(rest.trim(), block.fence)) block = null;
      return code;
    }
    block = blockOf(line);
    return null;
  });
}

/** The block that begins in the line, with the quotations around it and how far in the words of its item stand. */
function blockOf(line) {
  const [lead] = line.match(LEAD);
  const fence = line.slice(lead.length).match(FENCE)?.[0];
  const item = lead.slice(lead.lastIndexOf(">") + 1);
  return fence ? { fence, quotes: lead.split(">").length - 1, indent: item.trim() && Math.min(item.trimEnd().length + 1, 4) } : null;
}

/** What stands behind the marks of the block's quotations; null if the line no longer belongs to them or to its item. */
function restIn(line, { quotes, indent }) {
  const marks = line.match(new RegExp(`^(?: *>){${quotes}}`))?.[0];
  if (marks === undefined) return null;
  const rest = line.slice(marks.length);
  return rest.trim() && rest.search(/\S/) < indent ? null : rest;
}

function closes(words, fence) {
  return words.startsWith(fence) && words === fence[0].repeat(words.length);
}
