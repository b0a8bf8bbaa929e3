// A field that completes what is typed is named by its label; without this a screen reader calls it by its value.

export function nameChoices(root) {
  for (const select of root.querySelectorAll("select.admin-autocomplete")) {
    const label = select.labels?.[0];
    const choice = select.parentElement.querySelector(".select2-selection");
    if (!label || !choice) continue;
    label.id ||= `${select.id}_label`;
    const shown = choice.querySelector("[role=textbox]");
    for (const named of [choice, shown]) named?.setAttribute("aria-labelledby", `${label.id} ${shown?.id ?? ""}`.trim());
  }
}
