// Editor and preview: side by side in a wide window, two tabs in a narrow one.

export function mountPanes(root, { onShow }) {
  const wide = matchMedia("(min-width: 1024px)");
  const bar = root.querySelector("[data-editor-tabs]");
  const tabs = [...bar.querySelectorAll("button")];
  const tools = root.querySelector("[data-editor-tools]");
  const panes = [root.querySelector("[data-editor-writing]"), root.querySelector("[data-editor-preview]")];
  let chosen = 0;

  function arrange() {
    bar.hidden = wide.matches;
    panes.forEach((pane, at) => {
      const wasHidden = pane.hidden;
      pane.hidden = !wide.matches && at !== chosen;
      if (wasHidden && !pane.hidden && at === 1) onShow();
      if (wide.matches) pane.removeAttribute("role");
      else pane.setAttribute("role", "tabpanel");
    });
    tools.hidden = panes[0].hidden;
    tabs.forEach((tab, at) => {
      tab.setAttribute("aria-selected", String(at === chosen));
      tab.tabIndex = at === chosen ? 0 : -1;
    });
  }

  function choose(at) {
    chosen = at;
    arrange();
  }

  bar.setAttribute("role", "tablist");
  const name = root.querySelector("textarea").id;
  tabs.forEach((tab, at) => {
    tab.id = `${name}_tab${at}`;
    panes[at].id = `${name}_pane${at}`;
    tab.setAttribute("role", "tab");
    tab.setAttribute("aria-controls", panes[at].id);
    panes[at].setAttribute("aria-labelledby", tab.id);
    tab.addEventListener("click", () => choose(at));
  });
  bar.addEventListener("keydown", (event) => {
    if (!["ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key)) return;
    event.preventDefault();
    choose({ Home: 0, End: 1 }[event.key] ?? 1 - chosen);
    tabs[chosen].focus();
  });
  wide.addEventListener("change", arrange);
  arrange();
}
