// Files by drop: the box around a file field takes them, and lists what was chosen before anything is sent. More than
// the box says are told and not sent: the server answers a form with very many files by a page that says nothing of them.
// A second click sends nothing: its answer would be of files that the first one is taking in.

for (const box of document.querySelectorAll("[data-drop]")) prepare(box);

function prepare(box) {
  const input = box.querySelector("input[type=file]");
  const list = box.querySelector("[data-drop-list]");
  box.querySelector("[data-drop-hint]").hidden = false;

  const most = Number(box.dataset.drop);
  const isTooMany = () => input.files.length > most;

  const show = () => {
    const told = `一度に取り込めるのは${most}個までです（いまは${input.files.length}個）。選び直してください。`;
    list.replaceChildren(...(isTooMany() ? [told] : [...input.files].map((file) => file.name)).map(itemOf));
    list.classList.toggle("drop__list--refused", isTooMany());
  };
  const mark = (isOver) => box.classList.toggle("drop--over", isOver);

  input.addEventListener("change", show);
  let isSent = false;
  input.form.addEventListener("submit", (event) => {
    if (isSent || isTooMany()) event.preventDefault();
    if (isTooMany()) input.focus();
    isSent ||= !isTooMany();
  });
  addEventListener("pageshow", () => (isSent = false)); // who comes back may send again
  box.addEventListener("dragover", (event) => {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    mark(true);
  });
  box.addEventListener("dragleave", (event) => {
    if (!box.contains(event.relatedTarget)) mark(false);
  });
  box.addEventListener("drop", (event) => {
    mark(false);
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    input.files = event.dataTransfer.files;
    show();
  });
  show(); // a browser that goes back keeps the choice
}

function itemOf(text) {
  const item = document.createElement("li");
  item.textContent = text;
  return item;
}
