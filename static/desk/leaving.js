// Makes the browser ask before the editor leaves a window with unsaved text.

import { fieldsOf } from "./fields.js";
import { onSent } from "./form.js";

/** Returns a function that tells whether the form has unsaved changes. */
export function warnOfLeaving(form) {
  const fields = () => JSON.stringify(fieldsOf(form));
  const opened = fields();
  const wasRefused = document.querySelector(".errornote") !== null; // the server refused it, so it is unsaved
  let sent = "";
  const isDirty = () => wasRefused || fields() !== opened;

  onSent(form, (submitted) => (sent = submitted), fields);
  window.addEventListener("beforeunload", (event) => fields() !== sent && isDirty() && event.preventDefault());
  return isDirty;
}
