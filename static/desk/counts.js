// Counts: characters and reading time of the text, width of the title.

import { debounce } from "./form.js";

const TITLE_WIDTH = 32;
const HALF_WIDTH = /[\u0020-\u007e\u00a5\u203e\uff61-\uff9f]/u;
const WITHOUT_WIDTH = /\p{M}|\u200d/u;
const number = new Intl.NumberFormat("ja");

/** The width in full-width units, as search engines cut titles: a Latin letter is half a unit. */
export function widthOf(title) {
  let width = 0;
  for (const character of title) {
    if (!WITHOUT_WIDTH.test(character)) width += HALF_WIDTH.test(character) ? 0.5 : 1;
  }
  return width;
}

export function charactersOf(text) {
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
  return {
    showMinutes(count) {
      minutes = `・約${count}分`;
      show();
    },
  };
}

function mountTitleWidth(title) {
  const line = document.createElement("p");
  line.className = "title-width";
  line.id = `${title.id}_width`;
  title.after(line);
  title.setAttribute("aria-describedby", `${title.getAttribute("aria-describedby") ?? ""} ${line.id}`.trim());

  function show() {
    const width = widthOf(title.value);
    line.textContent = `全角${width}字（${TITLE_WIDTH}字まで）`;
    line.classList.toggle("title-width--over", width > TITLE_WIDTH);
  }
  title.addEventListener("input", show);
  show();
}
