// Proposes tags for what is typed into a search field: a combobox as the ARIA Authoring Practices describe it. Without
// it the field is a plain one.

const WAIT = 150;

function propose(input) {
  const list = document.createElement("ul");
  Object.assign(list, { id: `${input.id}-tags`, className: "search-form__tags", role: "listbox", hidden: true });
  list.setAttribute("aria-label", "タグの候補");
  input.parentElement.append(list);
  Object.assign(input, { role: "combobox", ariaAutoComplete: "list", ariaExpanded: "false" });
  input.setAttribute("aria-controls", list.id);
  let timer;
  let asked = 0;

  function show(texts) {
    list.replaceChildren(...texts.map(option));
    list.hidden = !texts.length;
    input.ariaExpanded = String(!list.hidden);
    input.removeAttribute("aria-activedescendant");
  }

  function close() {
    asked += 1; // an answer that is still to come is late
    clearTimeout(timer);
    show([]);
  }

  async function find() {
    const q = input.value.trim();
    if (!q) return close();
    const number = ++asked;
    const url = `${input.dataset.suggestions}?${new URLSearchParams({ q })}`;
    const texts = await fetch(url, { headers: { Accept: "application/json" } })
      .then((answer) => (answer.ok ? answer.json() : []))
      .then(([, texts]) => texts ?? [])
      .catch(() => []);
    if (number === asked && document.activeElement === input) show(texts.filter((text) => text !== q));
  }

  function later() {
    clearTimeout(timer);
    timer = setTimeout(find, WAIT);
  }

  function option(text, index) {
    const item = document.createElement("li");
    Object.assign(item, { id: `${list.id}-${index}`, className: "search-form__tag", role: "option", textContent: text });
    item.ariaSelected = "false";
    item.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
    item.addEventListener("click", () => choose(item));
    return item;
  }

  function move(step) {
    const items = [...list.children];
    const from = items.findIndex((item) => item.ariaSelected === "true");
    const to = from < 0 && step < 0 ? items.length - 1 : (from + step + items.length) % items.length;
    items.forEach((item, index) => (item.ariaSelected = String(index === to)));
    input.setAttribute("aria-activedescendant", items[to].id);
  }

  function choose(item) {
    input.value = item.textContent;
    close();
    input.form.requestSubmit();
  }

  function press(event) {
    if (event.isComposing || list.hidden) return;
    const selected = list.querySelector("[aria-selected=true]");
    if (event.key === "ArrowDown") move(1);
    else if (event.key === "ArrowUp") move(-1);
    else if (event.key === "Escape") close();
    else if (event.key === "Enter" && selected) choose(selected);
    else return;
    event.preventDefault();
  }

  // While an IME composes, half a word is no text yet.
  input.addEventListener("input", (event) => event.isComposing || later());
  input.addEventListener("compositionstart", close);
  input.addEventListener("compositionend", later);
  input.addEventListener("keydown", press);
  input.addEventListener("blur", close);
}

document.querySelectorAll("[data-suggestions]").forEach(propose);
