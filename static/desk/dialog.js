// A dialog of the editor. It is outside the article's form, so that Enter in it does not save the article.

import { isOfIme } from "./keys.js";

/** Asks `mayLeave` before Esc closes a dialog. */
export function askBeforeEscape(dialog, mayLeave) {
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !isOfIme(event) && !mayLeave()) event.preventDefault();
  });
}

export function dialogOf(root, textarea, name) {
  const content = root.querySelector(`template[data-editor-dialog=${name}]`).content.cloneNode(true);
  const dialog = content.querySelector("dialog");
  document.body.append(content);
  let place = null;

  /** Restores the selection: the browser gives the focus back, but puts the caret at the beginning of the text. */
  function comeBack() {
    if (!place) return;
    textarea.focus({ preventScroll: true });
    textarea.setSelectionRange(...place);
    place = null;
  }

  function close() {
    dialog.close();
    comeBack();
  }

  dialog.addEventListener("close", comeBack);
  dialog.querySelector("[data-cancel]").addEventListener("click", close);
  return {
    close,
    element: dialog,
    form: dialog.querySelector("form"),
    part: (part) => dialog.querySelector(`[data-${part}]`),
    open() {
      place = [textarea.selectionStart, textarea.selectionEnd];
      dialog.showModal();
    },
  };
}
