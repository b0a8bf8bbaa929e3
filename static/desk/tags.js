// The tags of a form as chips, with proposals of known ones: a combobox that the keyboard can use too. Enter or 、 ends
// a tag and never sends the form. A field for one tag has no chips.

import { make } from "./elements.js";
import { debounce } from "./form.js";
import { get } from "./http.js";
import { isOfIme } from "./keys.js";

const SEPARATORS = /[,、，]/;
const BETWEEN = "、";

/** What the server knows of a name: the tags that contain it, whether it is one, and the nearest one if not. */
function ask(input, name) {
  const nothing = { tags: [], is_known: true, nearest: "" };
  return get(`${input.dataset.tagsUrl}?${new URLSearchParams({ q: name })}`).catch(() => nothing);
}

/** A list below `entry` that proposes tags for its text and calls `take` with the chosen one. */
function propose(input, entry, take) {
  const about = { id: `${entry.id}_known`, className: "tag-list", role: "listbox", ariaLabel: "すでにあるタグ", hidden: true };
  const list = make("ul", about);
  entry.after(list);
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-controls", list.id]]) {
    entry.setAttribute(name, value);
  }
  let asked = 0;
  close();

  function close() {
    asked += 1;
    list.hidden = true;
    list.replaceChildren();
    entry.setAttribute("aria-expanded", "false");
    entry.removeAttribute("aria-activedescendant");
  }

  async function find() {
    const typed = entry.value.trim();
    if (!typed || document.activeElement !== entry) return close();
    const number = ++asked;
    const answer = await ask(input, typed);
    if (number === asked) show(answer.tags.filter((name) => name !== typed));
  }

  function show(names) {
    close();
    if (!names.length) return;
    list.replaceChildren(...names.map(option));
    list.hidden = false;
    entry.setAttribute("aria-expanded", "true");
  }

  function option(name, index) {
    const item = make("li", { id: `${list.id}_${index}`, role: "option" }, name);
    item.addEventListener("mousedown", (event) => {
      event.preventDefault(); // the entry keeps the focus
      choose(name);
    });
    return item;
  }

  function choose(name) {
    close();
    take(name);
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
    entry.setAttribute("aria-activedescendant", items[to].id);
  }

  const later = debounce(150, find);
  entry.addEventListener("input", (event) => event.isComposing || later());
  entry.addEventListener("compositionend", later);
  entry.addEventListener("blur", close);
  entry.addEventListener("keydown", (event) => {
    if (isOfIme(event) || list.hidden) return;
    if (event.key === "ArrowDown") move(1);
    else if (event.key === "ArrowUp") move(-1);
    else if (event.key === "Escape") close();
    else if (event.key === "Enter" && active()) choose(active().textContent);
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  });
}

function mountOne(input) {
  const box = make("div", { className: "tag-field" });
  input.before(box);
  box.append(input);
  propose(input, input, (name) => {
    input.value = name;
    input.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

/** The field itself is hidden and holds the names; `entry`, which takes over its label, is where the next one is typed. */
function mountMany(input) {
  const entry = make("input", { type: "text", id: input.id, className: "tag-entry", autocomplete: "off" });
  const described = input.getAttribute("aria-describedby");
  if (described) entry.setAttribute("aria-describedby", described);
  const chips = make("ul", { className: "tag-chips", ariaLabel: "付けたタグ" });
  const said = make("p", { className: "tag-said", role: "status" });
  const box = make("div", { className: "tag-field tag-field--chips" }, chips);
  input.removeAttribute("id");
  input.hidden = true;
  input.before(box);
  box.append(entry, input);
  box.after(said);
  let names = [];
  const unknown = new Set();
  let written = null;
  propose(input, entry, add);
  read();

  /** Shows what the field holds, such as an autosave that was put back. */
  function read() {
    if (input.value === written) return;
    names = [...new Set(input.value.split(SEPARATORS).map((name) => name.trim()).filter(Boolean))];
    written = input.value;
    entry.value = "";
    said.replaceChildren();
    draw();
  }

  function write() {
    written = input.value = [...names, entry.value.trim()].filter(Boolean).join(BETWEEN);
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function draw() {
    chips.replaceChildren(...names.map(chip));
    chips.hidden = !names.length;
  }

  function chip(name) {
    const button = make("button", { type: "button", ariaLabel: `「${name}」を外す` }, "×");
    button.addEventListener("click", () => {
      remove(name);
      entry.focus();
    });
    return make("li", { className: `tag-chip${unknown.has(name) ? " tag-chip--new" : ""}` }, name, button);
  }

  function remove(name) {
    names = names.filter((other) => other !== name);
    draw();
    write();
  }

  function add(name) {
    entry.value = "";
    if (name && !names.includes(name)) {
      names.push(name);
      greet(name);
    }
    draw();
    write();
  }

  /** Says that a tag is new, and offers the nearest known one in its place. */
  async function greet(name) {
    const { is_known: isKnown, nearest } = await ask(input, name);
    if (isKnown || !names.includes(name)) return;
    unknown.add(name);
    draw();
    said.replaceChildren(`「${name}」は新しいタグです。`);
    if (!nearest) return;
    const button = make("button", { type: "button", className: "button" }, `「${nearest}」にする`);
    button.addEventListener("click", () => {
      names = [...new Set(names.map((other) => (other === name ? nearest : other)))];
      said.replaceChildren();
      draw();
      write();
    });
    said.append(button);
  }

  /** Ends every tag that a comma ends. */
  function split() {
    const parts = entry.value.split(SEPARATORS);
    if (parts.length === 1) return write();
    const rest = parts.pop();
    parts.forEach((part) => add(part.trim()));
    entry.value = rest.trimStart();
    write();
  }

  input.addEventListener("input", read);
  entry.addEventListener("input", (event) => {
    event.stopPropagation(); // the field says what changed
    if (!event.isComposing) split();
  });
  entry.addEventListener("compositionend", split);
  entry.addEventListener("blur", () => entry.value.trim() && add(entry.value.trim()));
  chips.addEventListener("mousedown", (event) => event.preventDefault()); // a chip that is drawn anew would not be clicked
  entry.addEventListener("keydown", (event) => {
    if (isOfIme(event)) return;
    if (event.key === "Backspace" && !entry.value && names.length) {
      const name = names.at(-1);
      remove(name);
      entry.value = name;
      write();
    } else if (event.key === "Enter") add(entry.value.trim());
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
}

for (const input of document.querySelectorAll("input[data-tags]")) (input.dataset.tags === "many" ? mountMany : mountOne)(input);
