// What a search engine and a share card would show of the page, while somebody writes it.

import { onChange } from "./form.js";
import { widthOf } from "./counts.js";

const [TITLE, DESCRIPTION] = [32, 120]; // full-width characters, after which search engines cut
const DRAWN = "画像を選ばないときに描くカードです。";
const CHOSEN = "選んだ画像がカードになります（共有用の画像、なければリード画像）。";

export function mountFound(form) {
  const box = form.element.querySelector("[data-found]");
  if (!box) return;
  const part = (name) => box.querySelector(`[data-found-${name}]`);
  const field = (name) => form.element.elements.namedItem(name);
  const value = (name) => field(name)?.value.trim() ?? "";
  const label = (name) => (value(name) && field(name).selectedOptions?.[0]?.text) || "";

  function show() {
    if (!box.closest("details")?.open) return;
    const title = (field("is_sponsored")?.checked ? "【PR】" : "") + value("title");
    const words = value("description") || value("excerpt") || value("body").slice(0, 400).replace(/[#*>`_|[\]]/g, "");
    part("address").textContent = value("slug") || value("path") || "（タイトルから作ります）";
    part("title").textContent = cut(title, TITLE) || "（タイトルがありません）";
    part("description").textContent = cut(words.replace(/\s+/g, " "), DESCRIPTION);
    part("section").textContent = label("category");
    part("headline").textContent = title;
    part("author").textContent = label("author");
    part("note").textContent = value("share_image") || value("lead_image") ? CHOSEN : DRAWN;
  }

  box.hidden = false;
  box.closest("details")?.addEventListener("toggle", show);
  onChange(form, show);
  show();
}

/** The text as far as it is shown. */
function cut(text, width) {
  if (widthOf(text) <= width) return text;
  let shown = "";
  for (const character of text) {
    if (widthOf(shown + character) > width - 1) break;
    shown += character;
  }
  return `${shown}…`;
}
