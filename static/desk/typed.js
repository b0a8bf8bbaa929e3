// Asks before typed text is left, and keeps a copy of it in this tab: for the pages beside the form of an article, which
// have no autosave. After a login that had ended, the page offers the copy. A page that says that the text was taken has
// this script too, and drops the copy.

import { make } from "./elements.js";
import { fieldsOf, putFields } from "./fields.js";
import { debounce, formOf, onChange, onSent } from "./form.js";
import { warnOfLeaving } from "./leaving.js";

const KEPT = "この画面で書いて、まだ保存していない文章が残っています。";
const REPLACE = "いま書いた文章を、残っていた文章に置き換えますか？";
const SENT = "desk-typed-sent"; // the name of the copy that was sent last, until a page answers

if (document.querySelector(".messagelist .typed")) sessionStorage.removeItem(sessionStorage.getItem(SENT) ?? "");
sessionStorage.removeItem(SENT); // what is told later may be about a text that another tab sent
document.querySelectorAll("form[data-typed]").forEach((element) => keep(formOf(element)));

function keep(form) {
  const { elements, dataset } = form.element;
  // The names of the fields may depend on the version of the article that is compared.
  const name = `desk-typed:${dataset.typed}:${location.pathname}:${elements.namedItem("version")?.value ?? ""}`;
  const older = `${name}:older`; // what is offered, the newest last, while what is typed meanwhile is kept beside it
  const isDirty = warnOfLeaving(form);
  const fields = () => JSON.stringify(fieldsOf(form));

  /** Without room for the copy the browser still asks before the page is left. */
  function write() {
    if (isDirty()) store(name, fields());
  }

  /** Without room for the name the copy stays, and is offered. */
  function send() {
    write();
    store(SENT, name);
  }

  function keepOlder(copies) {
    if (copies.length) return store(older, JSON.stringify(copies));
    sessionStorage.removeItem(older);
    return true;
  }

  const copies = [...JSON.parse(sessionStorage.getItem(older) ?? "[]"), sessionStorage.getItem(name)].filter(
    (copy) => copy && copy !== fields(),
  );
  if (keepOlder(copies)) sessionStorage.removeItem(name);
  if (copies.length) {
    offer(form, JSON.parse(copies.at(-1)), isDirty, () => keepOlder(copies.slice(0, -1)));
  }
  onChange(form, debounce(500, write));
  onSent(form, () => {}, send);
  window.addEventListener("pagehide", write);
}

/** Returns whether there was room. */
function store(name, value) {
  try {
    sessionStorage.setItem(name, value);
    return true;
  } catch {
    return false;
  }
}

function offer(form, fields, isDirty, discard) {
  const [restore, drop] = ["復元", "破棄"].map((name) => make("button", { type: "button", className: "button" }, name));
  const box = make("p", { className: "version-note", role: "status" }, KEPT, restore, " ", drop);
  restore.addEventListener("click", () => {
    if (isDirty() && !confirm(REPLACE)) return;
    box.remove();
    discard();
    putFields(form, fields);
  });
  drop.addEventListener("click", () => {
    box.remove();
    discard();
  });
  form.element.before(box);
}
