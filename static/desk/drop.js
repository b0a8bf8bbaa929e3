// Files by drop: the box around a file field takes them, and lists what was chosen before anything is sent.

for (const box of document.querySelectorAll("[data-drop]")) prepare(box);

function prepare(box) {
  const input = box.querySelector("input[type=file]");
  const list = box.querySelector("[data-drop-list]");
  box.querySelector("[data-drop-hint]").hidden = false;

  const show = () => list.replaceChildren(...[...input.files].map(itemOf));
  const mark = (isOver) => box.classList.toggle("drop--over", isOver);

  input.addEventListener("change", show);
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

function itemOf(file) {
  const item = document.createElement("li");
  item.textContent = file.name;
  return item;
}
