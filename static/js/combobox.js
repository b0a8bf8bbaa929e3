// Proposes words below a text field: a combobox as the ARIA Authoring Practices describe it. Without it the field is a
// plain one.

const WAIT = 150; // milliseconds

/** `find` answers with the words for what is typed, and `choose` gets the one that is taken. */
export function propose(field, { className, label, find, choose }) {
  const list = document.createElement("ul");
  Object.assign(list, { id: `${field.id}-proposed`, className, role: "listbox", ariaLabel: label, hidden: true });
  field.after(list);
  Object.assign(field, { role: "combobox", ariaAutoComplete: "list", ariaExpanded: "false" });
  field.setAttribute("aria-controls", list.id);
  let timer;
  let asked = 0;

  function show(words) {
    list.replaceChildren(...words.map(option));
    list.hidden = !words.length;
    field.ariaExpanded = String(!list.hidden);
    field.removeAttribute("aria-activedescendant");
  }

  function close() {
    asked += 1; // an answer that is still to come is late
    clearTimeout(timer);
    show([]);
  }

  async function ask() {
    const text = field.value.trim();
    if (!text) return close();
    const number = ++asked;
    const words = await find(text);
    if (number === asked && document.activeElement === field) show(words.filter((word) => word !== text));
  }

  function later() {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  }

  function option(word, index) {
    const item = document.createElement("li");
    Object.assign(item, { id: `${list.id}-${index}`, role: "option", ariaSelected: "false", textContent: word });
    item.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
    item.addEventListener("click", () => take(item));
    return item;
  }

  function take(item) {
    close();
    choose(item.textContent);
  }

  function move(step) {
    const items = [...list.children];
    const from = items.findIndex((item) => item.ariaSelected === "true");
    const to = from < 0 && step < 0 ? items.length - 1 : (from + step + items.length) % items.length;
    items.forEach((item, index) => (item.ariaSelected = String(index === to)));
    items[to].scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", items[to].id);
  }

  function press(event) {
    if (event.isComposing || event.keyCode === 229 || list.hidden) return; // 229: Safari's key of an IME
    const selected = list.querySelector("[aria-selected=true]");
    if (event.key === "ArrowDown") move(1);
    else if (event.key === "ArrowUp") move(-1);
    else if (event.key === "Escape") close();
    else if (event.key === "Enter" && selected) take(selected);
    else return;
    event.preventDefault();
    event.stopImmediatePropagation(); // the key has no other meaning for the field
  }

  // While an IME composes, half a word is no text yet.
  field.addEventListener("input", (event) => event.isComposing || later());
  field.addEventListener("compositionstart", close);
  field.addEventListener("compositionend", later);
  field.addEventListener("keydown", press);
  field.addEventListener("blur", close);
}
