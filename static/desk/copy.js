// Copies what stands in a field: a button of [data-copy] names the field by its id.

const TOLD = 2_000; // milliseconds

for (const button of document.querySelectorAll("[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  const name = button.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    button.textContent = (await copy(field)) ? "コピーしました" : "コピーできませんでした";
    setTimeout(() => (button.textContent = name), TOLD);
  });
}

/** A browser offers its clipboard to encrypted pages only, and may refuse it there; the selection can be copied by hand. */
async function copy(field) {
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    return false;
  }
}
