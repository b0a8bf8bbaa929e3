// How the editor is shown: the text, text and preview side by side, or the preview alone.

const CHOSEN = "desk-view";
const SIDE = matchMedia("(min-width: 1024px)"); // below, there is no room for two columns
const ROOMY = matchMedia("(min-width: 1600px)"); // from here on, there is room for both beside the rail

/** Arranges the panes, and calls `onShow` when the preview comes into sight. */
export function mountPanes(root, { onShow }) {
  const bar = root.querySelector("[data-editor-tabs]");
  const buttons = [...bar.querySelectorAll("[data-view]")];
  const tools = root.querySelector("[data-editor-tools]");
  const [writing, preview] = [root.querySelector("[data-editor-writing]"), root.querySelector("[data-editor-preview]")];
  let chosen = localStorage.getItem(CHOSEN);
  let before = "text"; // to which the key of the preview leads back

  function shown() {
    const view = chosen ?? (ROOMY.matches ? "side" : "text");
    return view === "side" && !SIDE.matches ? "text" : view;
  }

  function arrange() {
    const view = shown();
    const wasHidden = preview.hidden;
    root.dataset.editorView = view;
    writing.hidden = tools.hidden = view === "page";
    preview.hidden = view === "text";
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.view === view));
    if (wasHidden && !preview.hidden) onShow();
  }

  function choose(view) {
    if (view === "page" && shown() !== "page") before = shown();
    chosen = view;
    localStorage.setItem(CHOSEN, view === "page" ? before : view); // nobody wants to begin without a text
    arrange();
  }

  for (const button of buttons) button.addEventListener("click", () => choose(button.dataset.view));
  bar.addEventListener("mousedown", (event) => event.preventDefault()); // the caret stays in the text
  document.addEventListener("keydown", (event) => {
    const isKey = event.code === "KeyP" && event.altKey && (event.ctrlKey || event.metaKey) && !event.isComposing;
    if (!isKey || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    choose(shown() === "page" ? before : "page");
    (shown() === "page" ? buttons.at(-1) : root.querySelector("textarea")).focus();
  });
  bar.hidden = false;
  for (const window of [SIDE, ROOMY]) window.addEventListener("change", arrange);
  arrange();
}
