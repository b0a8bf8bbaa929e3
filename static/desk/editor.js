// The editor of a Markdown field. Without this script it is a plain textarea.

import { mountCounts } from "./counts.js";
import { formOf } from "./form.js";
import { imageTool } from "./images.js";
import { linkTool } from "./links.js";
import { mountPanes } from "./panes.js";
import { mountPreview } from "./preview.js";
import { mountToolbar } from "./toolbar.js";

function mount(root) {
  if (root.closest(".empty-form") || "mounted" in root.dataset) return; // the row that added rows are copied from
  root.dataset.mounted = "";
  const textarea = root.querySelector("textarea");
  const form = formOf(textarea);
  const counts = mountCounts(root, textarea, form);
  mountToolbar(root, textarea, { link: linkTool(root), image: imageTool(root, textarea, form) });
  if (!form.previewUrl) return;
  const preview = mountPreview(root, form, { onAnswer: (answer) => counts.showMinutes(answer.reading_minutes) });
  mountPanes(root, { onShow: preview.refresh });
}

document.querySelectorAll("[data-editor]").forEach(mount);
document.addEventListener("formset:added", (event) => event.target.querySelectorAll("[data-editor]").forEach(mount));
