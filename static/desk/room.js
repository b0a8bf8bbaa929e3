// The writing room: the keys that fill it with text or bring the menu back, the key that saves, and the first error.

import { isCommand, isOfIme } from "./keys.js";

const PLACE = "desk-place"; // of the caret, over a save that shows the form again
const form = document.querySelector("form:has([data-desk-form])");
const bar = document.querySelector("[data-room-bar]");
const body = document.body;
const keyOf = (name) => document.querySelector(`[data-room-key=${name}]`);

/** Whether the event is this letter with Ctrl (⌘ on a Mac), and Alt or not; never while an IME composes. */
function isKey(event, code, { alt }) {
  return event.code === code && isCommand(event) && event.altKey === alt && !event.shiftKey && !isOfIme(event);
}

// --- the menu, and nothing but text ---

function showMenu(isOpen) {
  body.classList.toggle("room--menu", isOpen);
  keyOf("menu")?.setAttribute("aria-expanded", String(isOpen));
}

function focusOn(isOn) {
  const text = document.querySelector("textarea.editor__text");
  const place = text && [text.selectionStart, text.selectionEnd];
  body.classList.toggle("room--focus", isOn);
  keyOf("focus").setAttribute("aria-pressed", String(isOn));
  keyOf("focus").textContent = isOn ? "集中を終える" : "集中";
  if (!text?.offsetParent) return;
  text.focus();
  text.setSelectionRange(...place);
}

const isFocused = () => body.classList.contains("room--focus");
const isMenu = () => body.classList.contains("room--menu");

// --- saving by a key ---

/**
 * Presses the button that saves and stays. The caret comes back to its place. A live static page has none: its text is
 * kept as a draft, and readers see it once 反映する is pressed.
 */
function save() {
  const button = bar?.querySelector("[data-room-save]");
  if (!button) return form.dispatchEvent(new CustomEvent("desk:keep"));
  const text = form.querySelector("textarea.editor__text");
  const { selectionStart, selectionEnd, scrollTop } = text;
  const isThere = document.activeElement === text;
  sessionStorage.setItem(PLACE, JSON.stringify({ selectionStart, selectionEnd, scrollTop, isThere, at: Date.now(), isFocused: isFocused() }));
  form.requestSubmit(button);
}

function comeBack() {
  const kept = JSON.parse(sessionStorage.getItem(PLACE) ?? "null");
  sessionStorage.removeItem(PLACE);
  const text = form.querySelector("textarea.editor__text");
  if (!kept || !text || Date.now() - kept.at > 60_000 || document.querySelector(".errornote")) return;
  if (kept.isFocused) focusOn(true);
  if (kept.isThere) text.focus({ preventScroll: true });
  text.setSelectionRange(kept.selectionStart, kept.selectionEnd);
  text.scrollTop = kept.scrollTop;
}

// --- errors ---

/** Brings the first error into view and gives its field the focus. */
function showFirstError() {
  const note = document.querySelector(".errornote");
  if (!note) return;
  const question = document.querySelector(".address-change input, .blocked textarea");
  const list = document.querySelector(".room-page .errorlist, .room-bar .errorlist");
  const row = list?.closest(".form-row, .room-group, .blocked");
  const field = question ?? fieldIn(row) ?? note;
  for (let part = field; part; part = part.parentElement) if (part.localName === "details") part.open = true;
  if (field === note) note.tabIndex = -1;
  field.focus({ preventScroll: true });
  (row ?? field).scrollIntoView({ block: "center" });
}

function fieldIn(row) {
  const fields = row?.querySelectorAll(".select2-selection, input:not([type=hidden]), textarea") ?? [];
  return [...fields].find((field) => !field.closest("[hidden]")); // not the panel that finds words in the text
}

// --- a title is one line, however tall ---

function keepOnOneLine(title) {
  title.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || isOfIme(event)) return;
    event.preventDefault();
    form.querySelector("#id_excerpt, textarea.editor__text")?.focus();
  });
}

if (form && bar) {
  document.querySelector("[data-room-keys]").hidden = false;
  keyOf("menu")?.addEventListener("click", () => showMenu(!isMenu()));
  keyOf("focus").addEventListener("click", () => focusOn(!isFocused()));
  document.addEventListener("keydown", (event) => {
    if (document.querySelector("dialog[open]")) return;
    if (isKey(event, "KeyS", { alt: false })) save();
    else if (isKey(event, "KeyM", { alt: true })) showMenu(!isMenu());
    else if (isKey(event, "Enter", { alt: true })) focusOn(!isFocused());
    else if (event.key === "Escape" && isFocused() && !isOfIme(event)) focusOn(false);
    else return;
    event.preventDefault();
  });
  for (const group of document.querySelectorAll("[data-room-group]")) {
    const holds = group.querySelector("[data-room-holds]"); // what the server has of it
    const tellChange = () => (holds.textContent = "変更あり（保存前）");
    window.django.jQuery(group).on("input select2:select select2:clear", tellChange); // choices are jQuery's
  }
  for (const title of form.querySelectorAll("textarea[name=title]")) keepOnOneLine(title);
  const steps = bar.querySelector("[data-room-steps]");
  if (steps) {
    steps.open = !matchMedia("(max-width: 767px)").matches || steps.querySelector(".errorlist") !== null;
    steps.dataset.ready = "";
    matchMedia("(max-width: 767px)").addEventListener("change", ({ matches }) => (steps.open = !matches));
  }
  // Choices are made by jQuery, and the stock admin gives the first field of a new form the focus.
  window.addEventListener("load", () => window.django.jQuery(() => (showFirstError(), comeBack())));
}
