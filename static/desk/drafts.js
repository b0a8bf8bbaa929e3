// What was typed before and never saved is offered when the form opens; nothing is put back unasked.

import { Autosave } from "./autosave.js";
import { Copies } from "./copies.js";
import { putFields } from "./fields.js";
import { get, post, reasonOf } from "./http.js";

// The desk's time, wherever its editor is.
const moment = new Intl.DateTimeFormat("ja", {
  ...{ month: "long", day: "numeric", hour: "numeric", minute: "2-digit" },
  timeZone: "Asia/Tokyo",
});
const number = new Intl.NumberFormat("ja");

/** Starts keeping what is typed into the form, and offers what was kept. */
export async function keepDrafts(form, isDirty) {
  const copies = new Copies(form);
  const autosave = new Autosave(form, copies, (draft) => offer(fromServer(draft)));
  const section = form.element.querySelector("[data-drafts]");
  const list = section.querySelector("[data-draft-list]");
  const pattern = section.querySelector("[data-draft]").content;
  const offered = new Set();

  function offer(draft) {
    if (offered.has(draft.key)) return;
    offered.add(draft.key);
    list.append(rowOf(pattern, draft, { restore, discard }));
    section.hidden = false;
  }

  function close(draft, row) {
    offered.delete(draft.key);
    row.remove();
    section.hidden = !list.childElementCount;
  }

  async function restore(draft, row) {
    if (isDirty() && !confirm("いまの入力を、この下書きの内容で置き換えます。よろしいですか。")) return;
    try {
      const fields = draft.fields ?? (await get(`${form.draftsUrl}${draft.key}/`)).fields;
      close(draft, row);
      autosave.adopt(draft);
      putFields(form, fields);
      autosave.say("下書きを復元しました。記事はまだ保存していません。");
    } catch (error) {
      autosave.say(`下書きを復元できません。${reasonOf(error)}`);
    }
  }

  async function discard(draft, row) {
    if (!confirm("この下書きを破棄します。元には戻せません。")) return;
    try {
      if (draft.known) await post(form, `${form.draftsUrl}${draft.key}/discard/`, new FormData());
    } catch (error) {
      if (error.status !== 404) return autosave.say(`下書きを破棄できません。${reasonOf(error)}`);
    }
    copies.remove(draft.key);
    close(draft, row);
    if (form.object && draft.known) autosave.takeOver();
  }

  for (const draft of await draftsOf(form, copies, autosave)) offer(draft);
}

/** The drafts that this form may go on with, newest first. */
async function draftsOf(form, copies, autosave) {
  const asked = new URLSearchParams({ object: form.object });
  for (const { key } of copies.all()) asked.append("copies", key);
  const { drafts, done } = await get(`${form.draftsUrl}?${asked}`).catch(() => ({ drafts: [], done: [] }));
  done.forEach((key) => copies.remove(key));
  const found = new Map(drafts.map((draft) => [draft.key, fromServer(draft)]));
  if (found.has(autosave.key)) autosave.know(found.get(autosave.key).known); // the form came back refused
  for (const copy of copies.all()) {
    const row = found.get(copy.key);
    if (autosave.isSameAs(copy.fields) || (await isKept(form, copy, row))) {
      copies.remove(copy.key);
      continue;
    }
    if (isOvertaken(copy, row)) copies.rename(copy.key, (copy.key = crypto.randomUUID()));
    found.set(copy.key, fromCopy(copy, found.get(copy.key), autosave.version));
  }
  found.delete(autosave.key);
  return [...found.values()].sort((one, other) => other.at - one.at);
}

/** Whether another device has gone on with the draft since, so that neither is newer than the other. */
function isOvertaken(copy, row) {
  return row !== undefined && row.known !== copy.known;
}

/** Whether the server has got it after all: its answer finds no window that was closed at once. */
async function isKept(form, copy, row) {
  if (!isOvertaken(copy, row)) return false;
  const { fields } = await get(`${form.draftsUrl}${row.key}/`).catch(() => ({}));
  return JSON.stringify(fields) === JSON.stringify(copy.fields);
}

function fromServer(draft) {
  const { key, saved_at: known, base_version: version, saves_since: savesSince, ...rest } = draft;
  return { ...rest, key, known, version, savesSince, at: Date.parse(known) };
}

/** Newer than the server's row of its key, if there is one: the copy is there until the server has got it. */
function fromCopy({ key, fields, version, at }, row, currentVersion) {
  const value = (wanted) => fields.find(([name]) => name === wanted)?.[1] ?? "";
  return {
    ...{ key, fields, version, at },
    known: row?.known ?? "",
    time: moment.format(at),
    title: value("title"),
    beginning: value("body").trim().slice(0, 60),
    characters: value("body").replace(/\s/g, "").length,
    savesSince: Math.max(0, currentVersion - version),
    isLocal: true,
  };
}

function rowOf(pattern, draft, { restore, discard }) {
  const row = pattern.cloneNode(true).firstElementChild;
  const part = (name) => row.querySelector(`[data-${name}]`);
  const title = draft.title ? `「${draft.title}」` : "（題名なし）";
  part("what").textContent = `${draft.time}　${title}　${number.format(draft.characters)}字`;
  part("beginning").textContent = draft.beginning;
  part("note").textContent = [
    draft.isLocal && "この端末だけに残っています。",
    draft.savesSince > 0 &&
      `この下書きのあとに、記事が${draft.savesSince}回保存されています。復元しても、保存するときに違いを確かめられます。`,
  ]
    .filter(Boolean)
    .join("");
  part("restore").addEventListener("click", () => restore(draft, row));
  part("discard").addEventListener("click", () => discard(draft, row));
  return row;
}
