// Offers unsaved autosaves when the form opens. It restores none unasked.

import { Autosaver } from "./autosaver.js";
import { putFields } from "./fields.js";
import { get, post, reasonOf } from "./http.js";
import { LocalAutosaves } from "./local_autosaves.js";
import { sendWhenReached } from "./reaching.js";
import { number } from "./words.js";

// Times are those of Tokyo, wherever the editor is.
const moment = new Intl.DateTimeFormat("ja", {
  ...{ month: "long", day: "numeric", hour: "numeric", minute: "2-digit" },
  timeZone: "Asia/Tokyo",
});

/** Starts the autosave of the form, and offers earlier autosaves. */
export async function startAutosave(form, isDirty) {
  const local = new LocalAutosaves(form);
  const autosaver = new Autosaver(form, local, (autosave) => offer(fromServer(autosave)));
  sendWhenReached(form, autosaver);
  const section = form.element.querySelector("[data-autosaves]");
  const list = section.querySelector("[data-autosave-list]");
  const pattern = section.querySelector("[data-autosave]").content;
  const offered = new Set();

  function offer(autosave) {
    if (offered.has(autosave.key)) return;
    offered.add(autosave.key);
    list.append(rowOf(pattern, autosave, form.noun, { restore, discard }));
    section.hidden = false;
  }

  function close(autosave, row) {
    offered.delete(autosave.key);
    row.remove();
    section.hidden = !list.childElementCount;
  }

  async function restore(autosave, row) {
    if (isDirty() && !confirm("いまの入力を、この下書きの内容で置き換えます。よろしいですか。")) return;
    try {
      const fields = autosave.fields ?? (await get(`${form.autosaveUrl}${autosave.key}/`)).fields;
      close(autosave, row);
      autosaver.adopt(autosave);
      putFields(form, fields);
      autosaver.say(`下書きを復元しました。${form.noun}はまだ保存していません。`);
    } catch (error) {
      autosaver.say(`下書きを復元できません。${reasonOf(error)}`);
    }
  }

  async function discard(autosave, row) {
    if (!confirm("この下書きを破棄します。元には戻せません。")) return;
    try {
      if (autosave.known) await post(form, `${form.autosaveUrl}${autosave.key}/discard/`, new FormData());
    } catch (error) {
      if (error.status !== 404) return autosaver.say(`下書きを破棄できません。${reasonOf(error)}`);
    }
    local.remove(autosave.key);
    close(autosave, row);
    if (form.object && autosave.known) autosaver.takeOver();
  }

  for (const autosave of await autosavesOf(form, local, autosaver)) offer(autosave);
}

/** The autosaves that this form may continue, newest first. */
async function autosavesOf(form, local, autosaver) {
  const asked = new URLSearchParams({ object: form.object, form: form.kind });
  for (const { key } of local.all()) asked.append("local", key);
  const { autosaves = [], done = [] } = await get(`${form.autosaveUrl}?${asked}`).catch(() => ({}));
  done.forEach((key) => local.remove(key));
  const found = new Map(autosaves.map((autosave) => [autosave.key, fromServer(autosave)]));
  found.delete(autosaver.key);
  for (const copy of local.all()) {
    if (copy.key === autosaver.key) continue; // the server may not have it yet
    const row = found.get(copy.key);
    if (autosaver.isSameAs(copy.fields) || (await isKept(form, copy, row))) {
      local.remove(copy.key);
      continue;
    }
    if (isOvertaken(copy, row)) local.rename(copy.key, (copy.key = crypto.randomUUID()));
    found.set(copy.key, fromCopy(copy, found.get(copy.key), autosaver.version));
  }
  return [...found.values()].sort((one, other) => other.at - one.at);
}

/** Whether another device has continued the autosave, so that the copy here and the row on the server both count. */
function isOvertaken(copy, row) {
  return row !== undefined && row.known !== copy.known;
}

/** Whether the server stored the copy, but its answer came after the window had closed. */
async function isKept(form, copy, row) {
  if (!isOvertaken(copy, row)) return false;
  const { fields } = await get(`${form.autosaveUrl}${row.key}/`).catch(() => ({}));
  return JSON.stringify(fields) === JSON.stringify(copy.fields);
}

function fromServer(autosave) {
  const { key, saved_at: known, base_version: version, saves_since: savesSince, ...rest } = autosave;
  return { ...rest, key, known, version, savesSince, at: Date.parse(known) };
}

/** The autosave of a local copy. The copy is newer than the server's row of the same key, which would have ended it. */
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

function rowOf(pattern, autosave, noun, { restore, discard }) {
  const row = pattern.cloneNode(true).firstElementChild;
  const part = (name) => row.querySelector(`[data-${name}]`);
  const title = autosave.title ? `「${autosave.title}」` : "（タイトルなし）";
  part("what").textContent = `${autosave.time}　${title}　${number.format(autosave.characters)}字`;
  part("beginning").textContent = autosave.beginning;
  part("note").textContent = [
    autosave.isLocal && "この端末だけに残っています。",
    autosave.savesSince > 0 &&
      `この下書きのあとに、${noun}が${autosave.savesSince}回保存されています。復元しても、保存するときに違いを確かめられます。`,
  ]
    .filter(Boolean)
    .join("");
  part("restore").addEventListener("click", () => restore(autosave, row));
  part("discard").addEventListener("click", () => discard(autosave, row));
  return row;
}
