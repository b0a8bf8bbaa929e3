// A dialog of the editor. It stands outside the article's form: Enter in it must not save the article.

export function dialogOf(root, name) {
  const content = root.querySelector(`template[data-editor-dialog=${name}]`).content.cloneNode(true);
  const dialog = content.querySelector("dialog");
  document.body.append(content);
  dialog.querySelector("[data-cancel]").addEventListener("click", () => dialog.close());
  return { dialog, form: dialog.querySelector("form"), part: (part) => dialog.querySelector(`[data-${part}]`) };
}
