// Copies the address of a feed. Without it, a click on an address selects the whole of it.

const status = document.querySelector("[data-copied]");

document.addEventListener("click", async ({ target }) => {
  const address = target.closest("[data-copy]")?.dataset.copy;
  if (!address) return;
  try {
    await navigator.clipboard.writeText(address);
    status.textContent = `コピーしました：${address}`;
  } catch {
    status.textContent = "コピーできませんでした。アドレスを選んでコピーしてください";
  }
});
