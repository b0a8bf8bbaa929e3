// Pictures by drop, paste or file dialog: the editor enters its texts, and the picture gets its own lines.

import { askBeforeEscape, dialogOf } from "./dialog.js";
import { make, onFiles } from "./elements.js";
import { reasonOf, send } from "./http.js";
import { insertBlock } from "./text.js";

const TYPES = ["image/jpeg", "image/png", "image/webp", "image/gif"];
const THUMBNAIL = 96;
const LOST = "書いた代替テキストやキャプションを捨てて閉じます。よろしいですか。";

/** Makes the textarea accept pictures. Returns the tool that opens the file dialog. */
export function imageTool(root, textarea, form) {
  const dialog = imageDialog(root, textarea, form);

  onFiles(textarea, dialog.open);
  textarea.addEventListener("paste", (event) => {
    const { files, types } = event.clipboardData;
    if (!files.length || types.includes("text/plain")) return; // a spreadsheet pastes a picture of its cells too
    event.preventDefault();
    dialog.open(files);
  });

  return () => {
    const input = make("input", { type: "file", multiple: true, accept: TYPES.join() });
    input.addEventListener("change", () => dialog.open(input.files));
    input.click();
  };
}

function imageDialog(root, textarea, form) {
  const dialog = dialogOf(root, textarea, "image");
  const [list, status, submit] = ["pictures", "status", "submit"].map(dialog.part);
  const pattern = dialog.part("picture").content;
  const { markdownxUploadUrlsPath: url } = textarea.dataset;
  const maxBytes = Number(root.dataset.maxBytes);
  let pictures = [];
  let sending;

  function open(files) {
    pictures = [...files].map((file) => pictureRow(pattern, file, problemOf(file, maxBytes), remove));
    list.replaceChildren(...pictures.map((picture) => picture.row));
    status.textContent = "";
    dialog.open();
    pictures[0].focus();
  }

  function remove(picture) {
    picture.row.remove();
    pictures = pictures.filter((other) => other !== picture);
    if (!pictures.length) dialog.close();
  }

  async function submitAll() {
    submit.disabled = true;
    sending = new AbortController();
    const { signal } = sending;
    for (const picture of pictures) await picture.send(form, url, signal);
    submit.disabled = false;
    if (signal.aborted) return;
    const failed = pictures.filter((picture) => !picture.code);
    if (failed.length) {
      status.textContent = `${failed.length}枚を登録できませんでした。直してもう一度押すか、一覧から外してください。`;
      failed[0].focus();
      return;
    }
    dialog.close();
    insertBlock(textarea, pictures.map((picture) => picture.code).join("\n\n"));
  }

  dialog.form.addEventListener("submit", (event) => {
    event.preventDefault();
    submitAll();
  });
  askBeforeEscape(dialog.element, () => !pictures.some(({ hasTexts }) => hasTexts()) || confirm(LOST));
  dialog.element.addEventListener("close", () => sending?.abort());
  return { open };
}

function problemOf(file, maxBytes) {
  if (!TYPES.includes(file.type)) return "JPEG、PNG、WebP、GIFの画像ではありません。";
  return file.size > maxBytes ? `画像は${maxBytes / 2 ** 20}MBまでです。` : "";
}

function pictureRow(pattern, file, problem, remove) {
  const row = pattern.cloneNode(true).firstElementChild;
  const part = (name) => row.querySelector(`[data-${name}]`);
  const [alt, caption, credit, decorative, progress, error] = ["alt", "caption", "credit", "decorative", "progress", "error"].map(part);
  const picture = { row, code: "", send: sendIt, focus: () => (alt.disabled ? part("remove") : alt).focus() };
  picture.hasTexts = () => [alt, caption, credit].some(({ value }) => value.trim());
  part("name").textContent = file.name;
  error.textContent = problem;
  if (problem) for (const field of [alt, caption, credit, decorative]) field.disabled = true;
  else drawThumbnail(part("thumbnail"), file);
  part("remove").addEventListener("click", () => remove(picture));
  decorative.addEventListener("change", () => {
    alt.disabled = decorative.checked;
    alt.required = !decorative.checked;
  });

  async function sendIt(form, url, signal) {
    if (problem || picture.code || signal.aborted) return;
    const data = new FormData();
    data.set("image", file);
    if (decorative.checked) data.set("decorative", "1");
    else data.set("alt", alt.value);
    data.set("caption", caption.value);
    data.set("credit", credit.value);
    error.textContent = "";
    progress.hidden = false;
    try {
      const answer = await send(form, url, data, { signal, onProgress: (share) => (progress.value = share) });
      picture.code = answer.image_code.trim();
    } catch (reason) {
      error.textContent = reasonOf(reason);
    }
    progress.hidden = !picture.code;
  }
  return picture;
}

/** Draws on a canvas, since the content policy of the desk allows pictures only from its own address. */
async function drawThumbnail(canvas, file) {
  const bitmap = await createImageBitmap(file).catch(() => null);
  if (!bitmap) return; // not a picture; the server will refuse it
  const scale = Math.min(1, THUMBNAIL / Math.max(bitmap.width, bitmap.height));
  canvas.width = Math.max(1, bitmap.width * scale);
  canvas.height = Math.max(1, bitmap.height * scale);
  canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
}
