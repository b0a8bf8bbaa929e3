// Says above the form who else types in the same article or page, and how many notes wait on it.

import { make } from "./elements.js";
import { formOf } from "./form.js";
import { get } from "./http.js";

const EVERY = 30_000; // milliseconds
const box = document.querySelector("[data-together]");
const form = box && formOf(document.querySelector("form:has([data-desk-form])") ?? document.createElement("form"));

if (form?.object) {
  form.element.before(box);
  tell();
  setInterval(() => document.hidden || tell(), EVERY);
}

async function tell() {
  const query = new URLSearchParams({ object: form.object, form: form.kind });
  const answer = await get(`${box.dataset.together}?${query}`).catch(() => null);
  if (!answer) return; // it is only a hint
  const lines = answer.others.map(({ name, time }) => make("p", {}, `${name}さんも開いています（${time}に入力）。`));
  if (answer.notes) lines.push(make("p", {}, `メモが${answer.notes}件あります。`, make("a", { href: answer.notes_url }, "メモを読む")));
  if (box.textContent === lines.map((line) => line.textContent).join("")) return; // nothing to announce again
  box.replaceChildren(...lines);
  box.hidden = !lines.length;
}
