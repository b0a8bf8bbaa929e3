// Asks before typed text is left, and keeps a copy of it in this tab: for the pages beside the form of an article, which
// have no autosave. After a login that had ended, the page offers the copy. A page that says that the text was taken has
// this script too, and drops the copy.

import { make } from "./elements.js";
import { fieldsOf, putFields } from "./fields.js";
import { debounce, formOf, onChange } from "./form.js";
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
  const isDirty = warnOfLeaving(form);
  const fields = () => JSON.stringify(fieldsOf(form));

  const copy = sessionStorage.getItem(name);
  const offered = copy && copy !== fields() ? offer(form, JSON.parse(copy), isDirty, () => sessionStorage.removeItem(name)) : null;

  /** Without room for the copy the browser still asks before the page is left. A copy that is still offered stays. */
  function write() {
    if (isDirty() && !offered?.isConnected) store(name, fields());
  }

  onChange(form, debounce(500, write));
  form.element.addEventListener("submit", () => {
    write();
    store(SENT, name);
  });
  window.addEventListener("pagehide", write);
}

function store(name, value) {
  try {
    sessionStorage.setItem(name, value);
  } catch {
    // no room
  }
}

/** Puts an offer before the form, which goes once it was answered. */
function offer(form, fields, isDirty, discard) {
  const [restore, drop] = ["復元", "破棄"].map((name) => make("button", { type: "button", className: "button" }, name));
  const box = make("p", { className: "version-note", role: "status" }, KEPT, restore, " ", drop);
  restore.addEventListener("click", () => {
    if (isDirty() && !confirm(REPLACE)) return;
    box.remove();
    putFields(form, fields);
  });
  drop.addEventListener("click", () => {
    box.remove();
    discard();
  });
  form.element.before(box);
  return box;
}
