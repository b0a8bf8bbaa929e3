// What is pasted into the text: a formatted text becomes Markdown, an address over a selection becomes its link.
// Ctrl+Shift+V pastes the plain text, and so does any paste into a block of code.

import { codeAt } from "./code.js";
import { markdownOf } from "./pasted.js";
import { lastNote, replace, selectionOf } from "./text.js";

const ADDRESS = /^https?:\/\/[^\s<>]+$/i;
const MOST_HTML = 2_000_000; // characters; a longer text is pasted as it is
const WITHOUT_PICTURES = "貼り付けた文章に画像がありました。画像は「画像」から別に入れてください。";

/** `say` tells the editor what was left out. */
export function mountPaste(textarea, say) {
  let isPlain = false;
  textarea.addEventListener("keydown", (event) => {
    isPlain = event.shiftKey && (event.ctrlKey || event.metaKey) && event.code === "KeyV";
  });
  textarea.addEventListener("paste", (event) => {
    const data = event.clipboardData;
    const [text, html] = [data.getData("text/plain"), data.getData("text/html")];
    const wasPlain = isPlain;
    isPlain = false;
    if (wasPlain || !text || codeAt(textarea.value, textarea.selectionStart)) return;
    const change = linkOf(textarea, text.trim());
    if (!change && (!html || html.length > MOST_HTML)) return;
    event.preventDefault();
    if (change) insert(textarea, change);
    else convert(textarea, html, text, say);
  });
}

/** The link that the selected words become; "" if they are none, several lines, or an address themselves. */
function linkOf(textarea, address) {
  const { text } = selectionOf(textarea);
  const words = text.trim();
  if (!ADDRESS.test(address) || !words || words.includes("\n") || ADDRESS.test(words) || /[[\]`]/.test(words)) return "";
  return text.replace(words, () => `[${words}](${/[()]/.test(address) ? `<${address}>` : address})`);
}

/** At once: what is typed next must stand after it, and a save must have it. */
function convert(textarea, html, text, say) {
  let made = null;
  try {
    made = markdownOf(html, lastNote(textarea.value));
  } catch {
    // Whatever goes wrong, what was pasted must not be lost.
  }
  insert(textarea, made?.markdown ? apart(textarea, made.markdown) : text.replace(/\r\n?/g, "\n"));
  if (made?.hasPictures) say(WITHOUT_PICTURES);
}

/** Blocks do not begin in the middle of a line. */
function apart(textarea, markdown) {
  const { selectionStart: at, value } = textarea;
  const before = value.slice(value.lastIndexOf("\n", at - 1) + 1, at);
  return markdown.includes("\n") && before.trim() ? `\n\n${markdown}` : markdown;
}

function insert(textarea, text) {
  const { start, end } = selectionOf(textarea);
  replace(textarea, start, end, text);
}
