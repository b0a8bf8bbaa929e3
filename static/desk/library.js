// The library of pictures: a dialog over the form, which puts pictures into the text or one into a field that holds one.
// What is dropped on the text, or pasted into it, goes into the library first.

import { askBeforeEscape } from "./dialog.js";
import { make, onFiles } from "./elements.js";
import { addOption, tell } from "./fields.js";
import { debounce, formOf, onChoice } from "./form.js";
import { get, post, reasonOf } from "./http.js";
import { insertBlock } from "./text.js";

const TEXTS = ["alt", "caption", "credit"];
const FIELDS = ["lead_image", "share_image", "avatar"];
const ADDRESS = /[^\s()<>"']*\/images\/[0-9A-Za-z_.-]+/g; // the server knows which are its own
const LOST = "書いた代替テキストやキャプションを捨てます。よろしいですか。";
const UPLOAD_TIMEOUT = 300_000; // milliseconds: a large picture over a slow line
const WIDTH = 480; // no wider than the narrowest smaller size

const pattern = document.querySelector("template[data-library]");
const form = pattern && formOf(document.querySelector("form[method=post][id$=_form]:not(#logout-form)"));
const library = form && libraryOf(pattern);
for (const name of form ? FIELDS : []) {
  const select = form.element.querySelector(`select[name=${name}]`);
  if (select) offerForField(select);
}

/** Makes the textarea accept pictures. Returns the tool that opens the library. */
export function pictureTool(textarea) {
  function open(files = []) {
    const place = [textarea.selectionStart, textarea.selectionEnd];
    library.open({
      take: "本文に入れる",
      wantsTexts: true,
      choose: (answers) => {
        textarea.focus({ preventScroll: true });
        textarea.setSelectionRange(...place);
        insertBlock(textarea, answers.map(({ code }) => code).join("\n\n"));
      },
      files,
    });
  }

  onFiles(textarea, open);
  textarea.addEventListener("paste", (event) => {
    const { files, types } = event.clipboardData;
    if (!files.length || types.includes("text/plain")) return; // a spreadsheet pastes a picture of its cells too
    event.preventDefault();
    open(files);
  });
  return () => open();
}

/** A button and a small picture beside an autocomplete field, which stays as it is. */
function offerForField(select) {
  const label = form.element.querySelector(`label[for=${select.id}]`)?.textContent.trim() ?? "画像";
  const image = make("img", { className: "library-choice__image", alt: "", hidden: true });
  const button = make("button", { type: "button", className: "button", textContent: "画像から選ぶ" });
  button.setAttribute("aria-label", `${label}を画像から選ぶ`);
  button.setAttribute("aria-haspopup", "dialog");
  (select.closest(".related-widget-wrapper") ?? select).after(make("div", { className: "library-choice" }, image, button));
  const show = (picture) => {
    image.hidden = !picture;
    if (picture) Object.assign(image, { src: picture.thumbnail, alt: picture.label });
  };
  button.addEventListener("click", () =>
    library.open({
      take: `${label}にする`,
      wantsTexts: false,
      choose: ([{ picture }]) => {
        addOption(select, String(picture.key), picture.label);
        select.value = String(picture.key);
        tell(select);
        show(picture);
        button.focus();
      },
    }),
  );
  const refresh = async () => {
    if (!select.value) return show(null);
    const query = new URLSearchParams({ show: "here", key: select.value });
    const answer = await get(`${pattern.dataset.listUrl}?${query}`).catch(() => ({ pictures: [] }));
    show(answer.pictures[0] ?? null);
  };
  onChoice(select, refresh);
  refresh();
}

function libraryOf(template) {
  const { listUrl, addUrl, useUrl } = template.dataset;
  const dialog = template.content.cloneNode(true).querySelector("dialog");
  document.body.append(dialog);
  const part = (name) => dialog.querySelector(`[data-${name}]`);
  const [grid, more, status, details, error, take] = ["grid", "more", "status", "details", "error", "take"].map(part);
  const [words, show] = [dialog.querySelector("#library-q"), dialog.querySelector("#library-show")];
  let [wish, chosen, page, asked] = [null, null, 1, 0];
  let [waiting, taken] = [[], []]; // uploaded pictures that are still to be looked at, and the answers for those before

  function open(options) {
    wish = options;
    [waiting, taken] = [[], []];
    part("texts").hidden = !wish.wantsTexts;
    unchoose();
    dialog.showModal();
    words.focus();
    const files = [...(wish.files ?? [])]; // of a drop, which is over once its event is
    find(1).then(() => files.length && uploadAll(files));
  }

  /** Whether something was typed for the chosen picture. */
  function hasTexts() {
    return chosen && wish.wantsTexts && TEXTS.some((name) => details.elements[name].value.trim() !== chosen[name]);
  }

  function mayLeave() {
    return !hasTexts() || confirm(LOST);
  }

  async function find(number) {
    const turn = ++asked;
    const hadFocus = document.activeElement === more;
    more.disabled = true; // a second press would skip a page
    const query = new URLSearchParams({ q: words.value, show: show.value, page: number });
    if (show.value === "here") usedHere(query);
    if (number === 1) {
      grid.replaceChildren();
      page = 0; // until it came, もっと見る asks for it again
    }
    status.textContent = "読み込んでいます…";
    try {
      const answer = await get(`${listUrl}?${query}`);
      if (turn !== asked) return;
      page = number;
      grid.append(...answer.pictures.map(item));
      more.hidden = !answer.has_more;
      const nothing = words.value.trim() || show.value ? "当てはまる画像はありません。" : "まだ画像はありません。";
      status.textContent = grid.children.length ? "" : nothing;
    } catch (reason) {
      if (turn === asked) status.textContent = reasonOf(reason);
    }
    if (turn !== asked) return;
    more.disabled = false;
    if (hadFocus) more.focus();
  }

  function item(picture) {
    const image = make("img", { src: picture.thumbnail, alt: "", loading: "lazy" });
    const name = make("span", { className: "library__name" }, picture.label, picture.alt ? "" : "（代替テキストなし）");
    const button = make("button", { type: "button", className: "library__picture" }, image, name);
    const isChosen = () => picture.key === chosen?.key; // each search brings the same picture anew
    button.setAttribute("aria-pressed", String(isChosen()));
    button.addEventListener("click", () => !isChosen() && mayLeave() && ((waiting = []), choose(picture, button)));
    button.addEventListener("dblclick", () => isChosen() && details.requestSubmit());
    const row = make("li", { className: "library__item" }, button);
    row.dataset.key = picture.key;
    return row;
  }

  function unchoose() {
    chosen = null;
    details.hidden = true;
    error.textContent = "";
    for (const button of grid.querySelectorAll("[aria-pressed=true]")) button.setAttribute("aria-pressed", "false");
  }

  function choose(picture, button) {
    unchoose();
    chosen = picture;
    button?.setAttribute("aria-pressed", "true");
    details.hidden = false;
    take.textContent = waiting.length ? `${wish.take}（あと${waiting.length}枚）` : wish.take;
    const large = part("large");
    Object.assign(large, { src: picture.thumbnail, width: WIDTH, height: Math.round((WIDTH * picture.height) / picture.width) });
    part("facts").textContent = `${picture.name || picture.label}・${picture.width}×${picture.height}・${usesOf(picture)}`;
    const { alt, caption, credit, decorative } = details.elements;
    [alt.value, caption.value, credit.value] = [picture.alt, picture.caption, picture.credit];
    credit.readOnly = Boolean(picture.credit); // the library's own form changes what it has
    decorative.checked = false;
    demand();
  }

  function demand() {
    const { alt, decorative } = details.elements;
    alt.disabled = wish.wantsTexts && decorative.checked;
    alt.required = wish.wantsTexts && !decorative.checked;
  }

  async function submit() {
    if (!chosen) return;
    if (!wish.wantsTexts) return finish({ picture: chosen });
    take.disabled = true;
    error.textContent = "";
    try {
      const asked = wish;
      const answer = await post(form, useUrl.replace("/0/", `/${chosen.key}/`), new FormData(details));
      if (dialog.open && asked === wish) finish(answer); // the dialog may be closed by now, or open for another field
    } catch (reason) {
      error.textContent = reasonOf(reason);
    }
    take.disabled = false;
  }

  /** Goes on with the next picture of several. After the last one all go into the text, in one step of undoing. */
  function finish(answer) {
    taken.push(answer);
    if (!waiting.length) return dialog.close();
    chooseNext();
  }

  function chooseNext() {
    const { picture, button } = waiting.shift();
    choose(picture, button);
    (wish.wantsTexts ? details.elements.alt : take).focus();
  }

  /** One after the other. Those that failed are named at the end. */
  async function uploadAll(files) {
    const failed = [];
    const before = [wish, chosen];
    const added = [];
    for (const file of files) {
      try {
        added.push(await upload(file));
      } catch (reason) {
        failed.push(files.length > 1 ? `${file.name}：${reasonOf(reason)}` : reasonOf(reason));
      }
    }
    if (failed.length) status.textContent = failed.join(" ");
    else if (files.length > 1) status.textContent = `${files.length}枚を追加しました。`;
    if (!added.length || before[0] !== wish || before[1] !== chosen || hasTexts()) return;
    waiting = wish.wantsTexts ? added : added.slice(-1); // not in the place of what was chosen meanwhile, with its texts
    chooseNext();
  }

  /** Returns the picture with its button in the list. Throws why it failed. */
  async function upload(file) {
    const data = new FormData();
    data.set("image", file);
    status.textContent = "送っています…";
    const answer = await post(form, addUrl, data, { timeout: UPLOAD_TIMEOUT });
    status.textContent = answer.is_known ? "同じ画像がすでにあります。それを使います。" : "追加しました。";
    const row = item(answer.picture);
    grid.querySelector(`[data-key="${row.dataset.key}"]`)?.remove(); // a known one stands there already
    grid.prepend(row);
    return { picture: answer.picture, button: row.firstElementChild };
  }

  part("search").addEventListener("submit", (event) => {
    event.preventDefault();
    find(1);
  });
  words.addEventListener("input", debounce(300, () => find(1)));
  show.addEventListener("change", () => find(1));
  more.addEventListener("click", () => find(page + 1));
  part("close").addEventListener("click", () => mayLeave() && dialog.close());
  askBeforeEscape(dialog, mayLeave);
  dialog.addEventListener("close", () => taken.length && wish.choose(taken.splice(0)));
  details.elements.decorative.addEventListener("change", demand);
  details.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  part("upload").addEventListener("change", (event) => {
    uploadAll([...event.target.files]);
    event.target.value = "";
  });
  onFiles(dialog, (files) => uploadAll([...files]));
  return { open };
}

function usesOf({ uses, is_used: isUsed }) {
  if (uses) return `記事の${uses}か所で使用中`;
  return isUsed ? "記事では未使用（公開前の変更、固定ページか署名で使用中）" : "未使用";
}

/** Adds to a query what the form shows now, saved or not. */
function usedHere(query) {
  for (const textarea of form.element.querySelectorAll("[data-editor] textarea")) {
    for (const [path] of textarea.value.matchAll(ADDRESS)) query.append("name", path);
  }
  for (const name of FIELDS) {
    const { value } = form.element.querySelector(`select[name=${name}]`) ?? {};
    if (value) query.append("key", value);
  }
}
