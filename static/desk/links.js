// The dialog for links: an address, or one of our own articles, found by words of its title, text or tags.

import { dialogOf } from "./dialog.js";
import { make } from "./elements.js";
import { debounce } from "./form.js";
import { get, reasonOf } from "./http.js";
import { isOfIme } from "./keys.js";
import { replace, selectionOf } from "./text.js";

const ADDRESS = /^(https?:\/\/|mailto:|\/|#)\S*$/i;

/** The tool that opens the dialog for the selected text. */
export function linkTool(root, textarea) {
  const dialog = dialogOf(root, textarea, "link");
  const [text, target, status, list] = ["text", "target", "status", "articles"].map(dialog.part);
  let asked = 0;
  let found = ""; // the words that the list is of

  async function find() {
    const words = target.value.trim();
    const number = ++asked;
    if (ADDRESS.test(words)) return show([], "");
    try {
      const { articles } = await get(`${root.dataset.articlesUrl}?${new URLSearchParams({ q: words })}`);
      if (number === asked) found = words;
      if (number === asked) show(articles, articles.length ? "" : "その言葉を含む記事は、公開したものにも予約したものにもありません。");
    } catch (error) {
      if (number === asked) show([], `記事を探せません。${reasonOf(error)}`);
    }
  }

  function show(articles, words) {
    status.textContent = words;
    list.replaceChildren(...articles.map((article) => choice(article, () => insert(article.url, article.title))));
  }

  function insert(url, title) {
    const label = escaped(text.value.trim() || title);
    dialog.close();
    const { start, end } = selectionOf(textarea);
    replace(textarea, start, end, `[${label}](${/[()<>\s]/.test(url) ? `<${url}>` : url})`);
  }

  target.addEventListener("input", debounce(250, () => dialog.element.open && find()));
  /** The arrows walk from the words along the articles and back. */
  dialog.form.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const places = [target, ...list.querySelectorAll("button")];
    const at = places.indexOf(document.activeElement);
    if (!step || at < 0 || isOfIme(event)) return;
    event.preventDefault();
    places[at + step]?.focus();
  });
  /** Enter takes the address, or the first article for the words. */
  dialog.form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const url = target.value.trim();
    if (ADDRESS.test(url)) return insert(url, url);
    if (url && url !== found) await find();
    if (url && url === found && list.firstChild) list.querySelector("button").click();
    else status.textContent = "「https://」で始まるURLか、記事の言葉を入れてください。";
  });

  return () => {
    const selected = selectionOf(textarea).text;
    const isAddress = ADDRESS.test(selected);
    text.value = isAddress ? "" : selected.replace(/\s+/g, " ");
    target.value = isAddress ? selected : "";
    show([], "");
    dialog.open();
    target.focus();
    find();
  };
}

function choice({ title, date, note }, choose) {
  const day = make("small", {}, note ? `${date}・${note}` : date);
  const button = make("button", { type: "button" }, title, " ", day);
  button.addEventListener("click", choose);
  return make("li", {}, button);
}

function escaped(label) {
  return label.replace(/(?<!\\)[[\]]/g, "\\$&");
}
