// The form around an editor: what stands in it, when that changes, and whom to ask about it.

/** Of the form itself, or of one of its fields. */
export function formOf(part) {
  const element = part.form ?? part;
  return { element, object: "", ...element.querySelector("[data-desk-form]")?.dataset };
}

/** What the server says of the text that it was sent: the minutes that it takes to read. */
export function tellMinutes(form, { reading_minutes: minutes }) {
  if (minutes) form.element.dispatchEvent(new CustomEvent("desk:minutes", { detail: minutes }));
}

// The key of the draft changes with each save, and nothing that anybody sees changes with it.
const UNSEEN = ["csrfmiddlewaretoken", "draft_key"];

/** What a preview is made of: what the form would send, without files, tokens and keys. */
export function valuesOf(form) {
  const values = new FormData(form.element);
  for (const [name, value] of [...values]) {
    if (typeof value !== "string" || UNSEEN.includes(name)) values.delete(name);
  }
  values.set("object", form.object);
  return values;
}

/** Calls back after each change, but not while an IME is still composing: half a word is nobody's text. */
export function onChange(form, callback) {
  const element = form.element;
  element.addEventListener("input", (event) => event.isComposing || callback());
  element.addEventListener("compositionend", () => callback());
  for (const name of ["formset:added", "formset:removed"]) element.addEventListener(name, () => callback());
  // Fields that complete what is typed tell jQuery only.
  const jquery = window.django?.jQuery;
  if (jquery) jquery(element).on("change", () => callback());
  else element.addEventListener("change", () => callback());
}

export function debounce(milliseconds, run) {
  let timer;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(run, milliseconds);
  };
}
