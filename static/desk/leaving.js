// The browser asks before a window is left whose text was not saved.

import { fieldsOf } from "./fields.js";

/** Returns what tells whether the form holds anything unsaved. */
export function warnOfLeaving(form) {
  const { element } = form;
  const opened = JSON.stringify(fieldsOf(form));
  const wasRefused = document.querySelector(".errornote") !== null; // the server gave it back, unsaved
  let isSubmitting = false;
  const isDirty = () => wasRefused || JSON.stringify(fieldsOf(form)) !== opened;

  element.addEventListener("submit", (event) => setTimeout(() => (isSubmitting = !event.defaultPrevented)));
  window.addEventListener("pageshow", (event) => event.persisted && (isSubmitting = false));
  window.addEventListener("beforeunload", (event) => !isSubmitting && isDirty() && event.preventDefault());
  return isDirty;
}
