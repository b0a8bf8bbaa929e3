// The editor of a Markdown field, and the autosave of its form. Without this script the field is a plain textarea.

import { nameChoices } from "./choices.js";
import { mountCounts } from "./counts.js";
import { dialogOf } from "./dialog.js";
import { mountFind } from "./find.js";
import { startAutosave } from "./recovery.js";
import { formOf } from "./form.js";
import { mountFound } from "./found.js";
import { warnOfLeaving } from "./leaving.js";
import { pictureTool } from "./library.js";
import { linkTool } from "./links.js";
import { mountPanes } from "./panes.js";
import { mountPaste } from "./paste.js";
import { mountPreview } from "./preview.js";
import { mountToolbar } from "./toolbar.js";
import { mountTyping } from "./typing.js";

function mount(root) {
  if (root.closest(".empty-form") || "mounted" in root.dataset) return; // the template of new rows
  root.dataset.mounted = "";
  const textarea = root.querySelector("textarea");
  const form = formOf(textarea);
  const counts = mountCounts(root, textarea, form);
  const said = root.querySelector("[data-save-status]");
  mountToolbar(root, textarea, {
    link: linkTool(root, textarea),
    image: pictureTool(textarea),
    find: mountFind(root, textarea),
    help: dialogOf(root, textarea, "help").open,
  });
  mountTyping(textarea);
  mountPaste(textarea, (words) => (said.textContent = words));
  form.element.addEventListener("desk:minutes", (event) => counts.showMinutes(event.detail));
  if (!form.previewUrl) return;
  const preview = mountPreview(root, form);
  mountPanes(root, { onShow: preview.refresh });
  mountFound(form);
}

function keep(element) {
  const form = formOf(element);
  const isDirty = warnOfLeaving(form);
  if (form.autosaveUrl) startAutosave(form, isDirty);
}

document.querySelectorAll("[data-editor]").forEach(mount);
document.querySelectorAll("form:has([data-desk-form]):has([data-editor])").forEach(keep);
document.addEventListener("formset:added", (event) => {
  event.target.querySelectorAll("[data-editor]").forEach(mount);
  nameChoices(event.target);
});
