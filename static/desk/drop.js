// Files by drop: the box around a file field takes them, and lists what was chosen before anything is sent. If there
// are more files than the box allows, it says so and sends none: the server answers a form with very many files by a page
// that says nothing of them. A second click sends nothing for a while: its answer would be of files that the first one is
// taking in.

import { make, onFiles } from "./elements.js";

const SENT_AGAIN_AFTER = 10_000; // no event tells that the editor stopped the sending

for (const box of document.querySelectorAll("[data-drop]")) prepare(box);

function prepare(box) {
  const input = box.querySelector("input[type=file]");
  const list = box.querySelector("[data-drop-list]");
  box.querySelector("[data-drop-hint]").hidden = false;

  const most = Number(box.dataset.drop);
  const isTooMany = () => input.files.length > most;

  const show = () => {
    const told = `一度に取り込めるのは${most}個までです（いまは${input.files.length}個）。選び直してください。`;
    list.replaceChildren(...(isTooMany() ? [told] : [...input.files].map((file) => file.name)).map((text) => make("li", {}, text)));
    list.classList.toggle("drop__list--refused", isTooMany());
  };
  const mark = (isOver) => box.classList.toggle("drop--over", isOver);

  let [isSent, timer] = [false, undefined];
  const mayBeSent = () => {
    clearTimeout(timer);
    isSent = false;
    show();
  };
  input.addEventListener("change", mayBeSent);
  input.form.addEventListener("submit", (event) => {
    if (isSent || isTooMany()) event.preventDefault();
    if (isTooMany()) return input.focus();
    if (isSent) return;
    isSent = true;
    list.append(make("li", {}, "送信しています。"));
    timer = setTimeout(mayBeSent, SENT_AGAIN_AFTER);
  });
  addEventListener("pageshow", mayBeSent); // who comes back may send again, and the browser keeps the choice
  box.addEventListener("dragover", (event) => mark(event.dataTransfer.types.includes("Files")));
  box.addEventListener("dragleave", (event) => {
    if (!box.contains(event.relatedTarget)) mark(false);
  });
  box.addEventListener("drop", () => mark(false));
  onFiles(box, (files) => {
    input.files = files;
    mayBeSent();
  });
}
