// The tags of a form as chips, with proposals of known ones. Enter or 、 ends a tag and never sends the form. A field
// for one tag has no chips.

import { propose } from "../js/combobox.js";
import { make } from "./elements.js";
import { get } from "./http.js";
import { isOfIme } from "./keys.js";

const SEPARATORS = /[,、，]/;
const BETWEEN = "、";

/** What the server knows of a name: the tags that contain it, whether it is one, and the nearest one if not. */
function ask(input, name) {
  const nothing = { tags: [], is_known: true, nearest: "" };
  return get(`${input.dataset.tagsUrl}?${new URLSearchParams({ q: name })}`).catch(() => nothing);
}

/** Proposes known tags below `entry`. */
function proposeTags(input, entry, choose) {
  const find = async (text) => (await ask(input, text)).tags;
  propose(entry, { className: "tag-list", label: "すでにあるタグ", find, choose });
}

function mountOne(input) {
  const box = make("div", { className: "tag-field" });
  input.before(box);
  box.append(input);
  proposeTags(input, input, (name) => {
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
  proposeTags(input, entry, add);
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
