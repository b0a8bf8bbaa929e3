// Gives autocomplete fields the name of their select; without it a screen reader names them by their value.

export function nameChoices(root) {
  for (const select of root.querySelectorAll("select.admin-autocomplete")) {
    const choice = select.parentElement.querySelector(".select2-selection");
    const name = select.getAttribute("aria-label") ?? select.labels?.[0]?.textContent.trim();
    if (!choice || !name) continue;
    const shown = choice.querySelector("[role=textbox]");
    choice.id ||= `${select.id}_choice`;
    choice.setAttribute("aria-label", name);
    choice.setAttribute("aria-labelledby", [choice.id, shown?.id].filter(Boolean).join(" "));
    shown?.setAttribute("aria-label", name);
  }
}

window.addEventListener("load", () => window.django?.jQuery?.(() => nameChoices(document))); // once jQuery has made them
