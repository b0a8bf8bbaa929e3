// Makes the browser ask before the editor leaves a window with unsaved text.

import { fieldsOf, isTyped } from "./fields.js";
import { onSent } from "./form.js";

/** Returns a function that tells whether the form has unsaved changes. */
export function warnOfLeaving(form) {
  const fields = () => JSON.stringify(fieldsOf(form));
  const opened = fields();
  const isUnsaved = document.querySelector(".errornote") !== null || isTyped(form); // the server has refused it, or never had it
  let sent = "";
  const isDirty = () => isUnsaved || fields() !== opened;

  onSent(form, (submitted) => (sent = submitted), fields);
  window.addEventListener("beforeunload", (event) => fields() !== sent && isDirty() && event.preventDefault());
  return isDirty;
}
