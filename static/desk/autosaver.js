// Keeps the unsaved form: at once in this browser and every few seconds on the server, until the article or page is saved.

import { make } from "./elements.js";
import { fieldsOf, isTyped } from "./fields.js";
import { compositionOf, onChange, onSent, tellMinutes } from "./form.js";
import { post, reasonOf } from "./http.js";
import { clock, say } from "./words.js";

const [COPIED_AFTER, SENT_AFTER, SENT_AT_LAST, RETRIED_AFTER] = [500, 3_000, 10_000, 15_000];
const BLURRED_AFTER = 200; // long enough for a click on a save button to come first
const MAX_KEEPALIVE = 60_000; // bytes that a page may send while it closes
const REASON = /-reason$/; // of a related article; all other texts stand in text areas
const FINAL = [400, 404, 409, 410]; // statuses after which a retry would not help

/** Says above the form who else types in the same article or page, without announcing the same again. */
function tellOthers(lines) {
  const box = document.querySelector("[data-others]");
  if (!box || box.textContent.trim() === lines.join("")) return;
  box.replaceChildren(...lines.map((line) => make("p", {}, line)));
  box.hidden = !lines.length;
}

export class Autosaver {
  /** The autosave that is under way, a promise; else null. */
  sending = null;
  #form;
  #local;
  #status;
  #keyField;
  #knownField;
  #versionField;
  #opened;
  #kept;
  #timers = {};
  #since = 0;
  #composition;
  #onConflict;

  /** `onConflict` is called with an autosave of another window. */
  constructor(form, local, onConflict) {
    this.#form = form;
    this.#local = local;
    this.#onConflict = onConflict;
    this.#status = form.element.querySelector("[data-save-status]");
    this.#keyField = form.element.elements.namedItem("autosave_key");
    this.#knownField = form.element.elements.namedItem("autosave_known");
    this.#versionField = form.element.elements.namedItem("base_version");
    const wasTyped = isTyped(form);
    const wasRefused = this.#keyField.value !== "";
    this.#opened = this.#kept = wasTyped || wasRefused ? "" : this.#fields();
    this.#keyField.value ||= crypto.randomUUID();
    this.#listen();
    if (wasTyped) this.changed();
  }

  get key() {
    return this.#keyField.value;
  }

  get version() {
    return Number(this.#versionField?.value ?? 0);
  }

  isSameAs(fields) {
    return JSON.stringify(fields) === this.#fields();
  }

  /** Continues an autosave. The form takes over its edit number, so that a save does not overwrite later saves. */
  adopt({ key, known, version }) {
    if (key !== this.key) this.#local.remove(this.key);
    this.#keyField.value = key;
    if (this.#versionField) this.#versionField.value = version;
    this.#known = known;
    this.#kept = "";
  }

  /** Stores the form in place of a discarded autosave. */
  takeOver() {
    this.#known = "";
    this.flush();
  }

  /** The token of the stored autosave that this form goes on with, also after the server has refused the form. */
  get #known() {
    return this.#knownField.value;
  }

  set #known(token) {
    this.#knownField.value = token;
  }

  /** Keeps the form in this browser, if it is not kept at all yet, and returns the sentence that says where it is. */
  keepHere() {
    const fields = this.#fields();
    if (fields === this.#opened) return "";
    const place = fields === this.#kept ? "サーバーの下書きにあります。" : this.#placeOf(this.#copy(fields));
    return place && `書いたものは、${place}`;
  }

  #placeOf(isCopied) {
    if (this.#isEmpty(this.#fields())) return "";
    return isCopied ? `この端末に ${clock.format(new Date())} に残しました。` : "この端末にも残せません。";
  }

  say(words) {
    if (this.#status) say(this.#status, words);
  }

  #fields() {
    return JSON.stringify(fieldsOf(this.#form));
  }

  /** Whether there is no text that anybody would want back. */
  #isEmpty(fields) {
    return JSON.parse(fields).every(([name, value]) => !value.trim() || !this.#isText(name));
  }

  #isText(name) {
    return REASON.test(name) || this.#form.element.elements.namedItem(name) instanceof HTMLTextAreaElement;
  }

  #listen() {
    const { element } = this.#form;
    onChange(this.#form, () => this.changed());
    this.#composition = compositionOf(this.#form);
    element.addEventListener("focusout", () => this.#after("send", BLURRED_AFTER, () => this.flush()));
    const begin = () => {
      const fields = this.#fields();
      this.#copy(fields);
      return fields;
    };
    onSent(this.#form, (fields) => this.#goOnAfter(fields), begin);
    document.addEventListener("visibilitychange", () => document.hidden && this.flush({ isLeaving: true }));
    window.addEventListener("pagehide", () => this.flush({ isLeaving: true }));
    window.addEventListener("online", () => this.flush());
    element.addEventListener("desk:keep", () => this.flush());
  }

  /** Begins a new autosave after a save was sent, which ends the old one. */
  #goOnAfter(fields) {
    this.#keyField.value = crypto.randomUUID();
    this.#opened = this.#kept = fields;
  }

  changed() {
    this.#since ||= Date.now();
    this.#after("copy", COPIED_AFTER, () => this.#copy(this.#fields()));
    this.#after("send", Math.min(SENT_AFTER, this.#since + SENT_AT_LAST - Date.now()), () => this.flush());
  }

  #after(name, milliseconds, run) {
    clearTimeout(this.#timers[name]);
    this.#timers[name] = setTimeout(run, milliseconds);
  }

  #copy(fields) {
    if (fields === this.#kept || this.#isEmpty(fields)) return true;
    return this.#local.write(this.key, {
      ...{ fields: JSON.parse(fields), version: this.version, at: Date.now() },
      known: this.#known,
    });
  }

  /** Sends the form if it differs from the stored autosave. */
  flush({ isLeaving = false } = {}) {
    const fields = this.#fields();
    if (fields === this.#kept) return;
    const isCopied = this.#copy(fields);
    if (this.sending) return; // later changes follow after the answer
    if (this.#composition.isOn && !isLeaving) return; // its end is a change
    this.#since = 0;
    this.sending = this.#keep(fields, isCopied, isLeaving).finally(() => (this.sending = null));
  }

  async #keep(fields, isCopied, isLeaving) {
    const { key } = this;
    try {
      const isNothing = this.#isEmpty(fields) || (fields === this.#opened && this.#known);
      await (isNothing ? this.#drop() : this.#send(fields, isLeaving));
      if (key === this.key) this.#kept = fields;
    } catch (error) {
      if (key === this.key) return this.#failed(error, isCopied);
    }
    if (this.#fields() === this.#kept) this.#local.remove(this.key);
    else this.changed();
  }

  /** Discards the autosave after the editor has undone all changes, or taken all text away. */
  async #drop() {
    if (!this.#known) return;
    const body = new FormData();
    body.set("known", this.#known);
    await post(this.#form, `${this.#form.autosaveUrl}${this.key}/discard/`, body).catch((error) => {
      if (error.status !== 404) throw error; // another window has discarded it
    });
    this.#known = "";
    this.say("");
  }

  async #send(fields, isLeaving) {
    const body = new FormData();
    const { object, kind } = this.#form;
    const values = { object, form: kind, key: this.key, known: this.#known, base_version: this.version };
    for (const [name, value] of Object.entries({ ...values, fields_json: fields })) body.set(name, value);
    const keepalive = isLeaving && new Blob([fields]).size < MAX_KEEPALIVE;
    const answer = await post(this.#form, `${this.#form.autosaveUrl}keep/`, body, { keepalive });
    if (!answer.saved_at) throw new TypeError("no autosave"); // something else answered
    this.#known = answer.saved_at;
    this.say(`下書きを ${answer.time} に保存`);
    tellMinutes(this.#form, answer);
    tellOthers(answer.others);
  }

  /** Gives the form a new autosave after another window saved the article or somebody deleted it. */
  #renew({ isGone }) {
    this.#local.remove(this.key);
    if (isGone) this.#local.leaveItem();
    this.#keyField.value = crypto.randomUUID();
    this.#known = "";
    return this.#copy(this.#fields());
  }

  #failed(error, isCopied) {
    const isGone = error.status === 404;
    if (isGone || error.status === 410) isCopied = this.#renew({ isGone });
    this.say(`${reasonOf(error)}${this.#placeOf(isCopied)}${isCopied && isGone ? `「${this.#form.noun}を追加」の画面で復元できます。` : ""}`);
    if (error.answer?.autosave) this.#onConflict(error.answer.autosave);
    if (!FINAL.includes(error.status)) this.#after("send", RETRIED_AFTER, () => this.flush());
  }
}
