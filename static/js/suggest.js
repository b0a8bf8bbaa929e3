// Proposes tags for what is typed into a search field.

import { propose } from "./combobox.js";

/** The tags for a text; none if the server does not answer. */
async function tagsFor(field, text) {
  try {
    const answer = await fetch(`${field.dataset.suggestions}?${new URLSearchParams({ q: text })}`, { headers: { Accept: "application/json" } });
    const [, tags] = await answer.json();
    return tags;
  } catch {
    return [];
  }
}

for (const field of document.querySelectorAll("[data-suggestions]")) {
  propose(field, {
    className: "search-form__tags",
    label: "タグの候補",
    find: (text) => tagsFor(field, text),
    choose: (tag) => {
      field.value = tag;
      field.form.requestSubmit();
    },
  });
}
