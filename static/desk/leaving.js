// The browser asks before a window is left whose text was not saved.

import { fieldsOf } from "./fields.js";

/** Returns what tells whether the form holds anything unsaved. */
export function warnOfLeaving(form) {
  const fields = () => JSON.stringify(fieldsOf(form));
  const opened = fields();
  const wasRefused = document.querySelector(".errornote") !== null; // the server gave it back, unsaved
  let sent = "";
  const isDirty = () => wasRefused || fields() !== opened;

  form.element.addEventListener("submit", (event) => {
    const submitted = fields();
    setTimeout(() => event.defaultPrevented || (sent = submitted));
  });
  window.addEventListener("beforeunload", (event) => fields() !== sent && isDirty() && event.preventDefault());
  return isDirty;
}
