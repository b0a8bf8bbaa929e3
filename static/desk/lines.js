// Lines of a textarea, counted from 1.

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
  textarea.scrollTop = heightOf(textarea, before) - textarea.clientHeight / 3;
  textarea.scrollIntoView({ block: "center" });
}

/** The height of a place in the text, measured on a copy with the same font and width. */
function heightOf(textarea, at) {
  const mirror = document.createElement("div");
  mirror.className = "editor__text editor__mirror";
  mirror.style.inlineSize = `${textarea.clientWidth}px`;
  mirror.textContent = textarea.value.slice(0, at);
  const mark = mirror.appendChild(document.createElement("span"));
  mark.textContent = "\u200b";
  textarea.after(mirror);
  const height = mark.offsetTop;
  mirror.remove();
  return height;
}
