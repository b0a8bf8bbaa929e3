// The form around an editor: its values, its changes and the addresses of its views.

/** The form of an element, which may be the form itself or one of its fields. */
export function formOf(part) {
  const element = part.form ?? part;
  return { element, object: "", kind: "post", noun: "記事", ...element.querySelector("[data-desk-form]")?.dataset };
}

/** Passes on the reading time that the server answers for a text. */
export function tellMinutes(form, { reading_minutes: minutes }) {
  if (minutes) form.element.dispatchEvent(new CustomEvent("desk:minutes", { detail: minutes }));
}

// The key of the autosave changes with each save, its token with each autosave, and nobody sees them.
const UNSEEN = ["csrfmiddlewaretoken", "autosave_key", "autosave_known"];

/** The values that a preview is made of: those that the form would send, without files, tokens and keys. */
export function valuesOf(form) {
  const values = new FormData(form.element);
  for (const [name, value] of [...values]) {
    if (typeof value !== "string" || UNSEEN.includes(name)) values.delete(name);
  }
  values.set("object", form.object);
  return values;
}

/** Calls back after each change, but not while an IME composes: half a word is no text yet. */
export function onChange(form, callback) {
  const element = form.element;
  element.addEventListener("input", (event) => event.isComposing || callback());
  element.addEventListener("compositionend", () => callback());
  for (const name of ["formset:added", "formset:removed"]) element.addEventListener(name, () => callback());
  onChoice(element, callback);
}

/** Calls back after a change of a choice. Autocomplete fields send their events through jQuery only. */
export function onChoice(element, callback) {
  const jquery = window.django?.jQuery;
  if (jquery) jquery(element).on("change", () => callback());
  else element.addEventListener("change", () => callback());
}

/**
 * Whether an IME composes in the form (`isOn`), and a promise of its end (`ended`). Chromium tells no end of a text with
 * line ends: it ends with what is typed after it, or with the focus.
 */
export function compositionOf(form) {
  let end = () => {};
  const composition = { isOn: false, ended: () => new Promise((resolve) => (end = resolve)) };
  const note = (isOn) => ((composition.isOn = isOn), isOn || end());
  form.element.addEventListener("input", (event) => note(event.isComposing));
  for (const type of ["compositionend", "focusout"]) form.element.addEventListener(type, () => note(false));
  return composition;
}

/**
 * Calls back once the browser has sent the form, if no script kept it from that, with what `begin` returned when the
 * form was submitted. The page stays until the answer comes.
 */
export function onSent(form, callback, begin = () => undefined) {
  form.element.addEventListener("submit", (event) => {
    const begun = begin();
    setTimeout(() => event.defaultPrevented || callback(begun));
  });
}

/** Returns a function that calls `run` once it was not called for so long. Its `cancel` takes back a call to come. */
export function debounce(milliseconds, run) {
  let timer;
  const later = () => {
    later.cancel();
    timer = setTimeout(run, milliseconds);
  };
  later.cancel = () => clearTimeout(timer);
  return later;
}
