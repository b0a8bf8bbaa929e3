// Counts: characters and reading time of the text, width of the title.

import { make } from "./elements.js";
import { debounce } from "./form.js";
import { number } from "./words.js";

const TITLE_WIDTH = 32;
const LENGTHS = { excerpt: 0, description: 120 }; // characters that are shown of a field; 0 if all are
const HALF_WIDTH = /[\u0020-\u007e\u00a5\u203e\uff61-\uff9f]/u;
const WITHOUT_WIDTH = /\p{M}|\u200d/u;

/** The width in full-width units, as search engines cut titles: a Latin letter is half a unit. */
export function widthOf(title) {
  let width = 0;
  for (const character of title) {
    if (!WITHOUT_WIDTH.test(character)) width += HALF_WIDTH.test(character) ? 0.5 : 1;
  }
  return width;
}

function charactersOf(text) {
  return Array.from(text.replace(/\s+/gu, "")).length;
}

export function mountCounts(root, textarea, form) {
  const line = root.querySelector("[data-editor-counts]");
  root.querySelector("[data-editor-foot]").hidden = false;
  let minutes = "";

  const show = () => (line.textContent = `${number.format(charactersOf(textarea.value))}字${minutes}`);
  textarea.addEventListener("input", debounce(150, show));
  show();
  const title = form.element?.elements.namedItem("title");
  if (title && form.previewUrl) mountTitleWidth(title);
  for (const [name, most] of Object.entries(LENGTHS)) mountLength(form.element?.elements.namedItem(name), most);
  return {
    showMinutes(count) {
      minutes = `・約${count}分`;
      show();
    },
  };
}

function mountTitleWidth(title) {
  mountLine(title, () => {
    const width = widthOf(title.value);
    return [`全角${width}字（${TITLE_WIDTH}字まで）`, width > TITLE_WIDTH];
  });
}

function mountLength(field, most) {
  if (!field) return;
  mountLine(field, () => {
    const length = charactersOf(field.value);
    return [`${number.format(length)}字${most ? `（検索結果に出るのは${most}字ほど）` : ""}`, most > 0 && length > most];
  });
}

/** Puts a line under a field that counts it. `count` returns its words, and whether that is too much. */
function mountLine(field, count) {
  const line = make("p", { className: "title-width", id: `${field.id}_width` });
  field.after(line);
  field.setAttribute("aria-describedby", `${field.getAttribute("aria-describedby") ?? ""} ${line.id}`.trim());

  function show() {
    const [words, isOver] = count();
    line.textContent = words;
    line.classList.toggle("title-width--over", isOver);
  }
  field.addEventListener("input", show);
  show();
}
