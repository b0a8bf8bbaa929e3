// Proposes known tags for the tag that is being typed: a combobox that the keyboard can use too. In a line of several
// tags, Enter ends the tag and never sends the form.

import { make } from "./elements.js";
import { debounce } from "./form.js";
import { get } from "./http.js";
import { isOfIme } from "./keys.js";
import { replace } from "./text.js";

const SEPARATORS = /[,、，]/g;

function propose(input) {
  const about = { id: `${input.id}_known`, className: "tag-list", role: "listbox", ariaLabel: "すでにあるタグ", hidden: true };
  const list = make("ul", about);
  const box = make("div", { className: "tag-field" });
  input.before(box);
  box.append(input, list);
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-controls", list.id]]) {
    input.setAttribute(name, value);
  }
  let asked = 0;
  let chosen = "";
  close();

  /** The beginning and the end of the tag at the caret. */
  function place() {
    if (input.dataset.tags === "one") return [0, input.value.length];
    const caret = input.selectionStart;
    const before = [...input.value.slice(0, caret).matchAll(SEPARATORS)].at(-1);
    const after = input.value.slice(caret).search(SEPARATORS);
    return [before ? before.index + 1 : 0, after < 0 ? input.value.length : caret + after];
  }

  function close() {
    asked += 1;
    list.hidden = true;
    list.replaceChildren();
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  async function find() {
    const typed = input.value.slice(...place()).trim();
    if (!typed || typed === chosen || document.activeElement !== input) return close();
    const number = ++asked;
    const answer = await get(`${input.dataset.tagsUrl}?${new URLSearchParams({ q: typed })}`).catch(() => ({ tags: [] }));
    if (number === asked) show(answer.tags.filter((name) => name !== typed));
  }

  function show(names) {
    if (!names.length) return close();
    list.replaceChildren(...names.map(option));
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    input.removeAttribute("aria-activedescendant");
  }

  function option(name, index) {
    const item = make("li", { id: `${list.id}_${index}`, role: "option" }, name);
    item.addEventListener("mousedown", (event) => {
      event.preventDefault(); // the line keeps the focus
      choose(item);
    });
    return item;
  }

  function active() {
    return list.querySelector("[aria-selected=true]");
  }

  function move(step) {
    const items = [...list.children];
    const from = items.indexOf(active());
    const to = from < 0 ? (step > 0 ? 0 : items.length - 1) : (from + step + items.length) % items.length;
    items.forEach((item, index) => item.setAttribute("aria-selected", String(index === to)));
    items[to].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", items[to].id);
  }

  function choose(item) {
    const [start, end] = place();
    const gap = input.value.slice(start, end).match(/^\s*/)[0];
    chosen = item.textContent;
    close();
    replace(input, start, end, gap + chosen);
  }

  /** Ends the tag at the caret, so that the next one can be typed. */
  function confirm() {
    const [start, end] = place();
    close();
    if (!input.value.slice(start, end).trim()) return;
    if (end === input.value.length) replace(input, end, end, "、");
    else input.setSelectionRange(end + 1, end + 1);
  }

  function press(event) {
    if (isOfIme(event)) return;
    const item = active();
    if (event.key === "Enter" && !item && input.dataset.tags === "many") confirm();
    else if (list.hidden) return;
    else if (event.key === "ArrowDown") move(1);
    else if (event.key === "ArrowUp") move(-1);
    else if (event.key === "Escape") close();
    else if (event.key === "Enter" && item) choose(item);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  const later = debounce(150, find);
  input.addEventListener("input", (event) => event.isComposing || later());
  input.addEventListener("compositionend", later);
  input.addEventListener("keydown", press);
  input.addEventListener("blur", close);
}

document.querySelectorAll("input[data-tags]").forEach(propose);
