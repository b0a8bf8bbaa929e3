// The desk check: asks the server while somebody types, jumps to a finding, and fixes it so that Ctrl+Z undoes it.

import { debounce, formOf, onChange, onSent } from "./form.js";
import { post, reasonOf } from "./http.js";
import { lineOf, showLine } from "./lines.js";
import { replaceAll } from "./text.js";
import { clock, say } from "./words.js";

const [PAUSE, SLOW_AFTER, RETRIED_AFTER] = [800, 3_000, 15_000];
const FIXED = "直しました（Ctrl/⌘+Zで元に戻せます）。";

function mount(panel) {
  const form = formOf(panel.closest("form"));
  const names = panel.dataset.checked.split(" "); // of the fields that the server checks
  const fieldOf = (name) => form.element.elements.namedItem(name);
  const list = mountList(panel, { goTo, fix });
  let answered = null; // the last answer, with the texts that it is about
  let asked = null;
  let retry;

  function texts() {
    return Object.fromEntries(names.map((name) => [name, fieldOf(name)?.value ?? ""]));
  }

  function isFresh() {
    return answered !== null && names.every((name) => answered.texts[name] === texts()[name]);
  }

  /** Asks the server about the texts as they stand now. An older question is taken back. `note` goes with the answer. */
  async function check(note = "") {
    asked?.abort();
    clearTimeout(retry);
    if (isFresh()) return list.show(answered);
    const asking = (asked = new AbortController());
    const slow = setTimeout(() => list.tell(`確かめています。${age()}`), SLOW_AFTER);
    const now = texts();
    try {
      const answer = await post(form, panel.dataset.checkUrl, bodyOf(now), { signal: asking.signal });
      answered = { ...answer, texts: now, at: new Date(), note };
      list.show(answered);
    } catch (error) {
      if (asking.signal.aborted) return;
      list.tell(`確かめられません。${reasonOf(error)}${age()}`);
      if (error.status === undefined) retry = setTimeout(check, RETRIED_AFTER);
    } finally {
      clearTimeout(slow);
    }
  }

  function bodyOf(now) {
    const body = new FormData();
    body.set("object", form.object);
    for (const [name, text] of Object.entries(now)) body.set(name, text);
    return body;
  }

  /** Says how old the findings are that the panel goes on showing. */
  function age() {
    return answered ? `下の指摘は${clock.format(answered.at)}のもので、いまの本文とは違うことがあります。` : "";
  }

  function goTo(finding) {
    const field = fieldOf(finding.field);
    if (!finding.line) return field?.focus();
    openText(field);
    showLine(field, lineNow(finding, answered.texts.body, field.value));
  }

  /** Makes the fixes, in one step of undoing for each field. They are asked for anew if the text has changed since. */
  async function fix(chosen) {
    if (!isFresh()) {
      await check();
      if (!isFresh()) return;
      chosen = answered.findings.filter((finding) => chosen.some((old) => keyOf(old) === keyOf(finding)));
    }
    const edits = chosen.flatMap((finding) => finding.fix);
    for (const name of names.filter((name) => edits.some((edit) => edit.field === name))) {
      const field = fieldOf(name);
      openText(field);
      replaceAll(field, edited(field.value, edits.filter((edit) => edit.field === name)));
      if (name === "body") showLine(field, lineOf(field.value, field.selectionStart), { keepsSelection: true });
    }
    await check(FIXED);
  }

  /** A new article has no mistakes yet: the page fills in the byline by itself, which counts as a change. */
  const isBegun = () => Boolean(form.object || answered || Object.values(texts()).some(Boolean));
  const later = debounce(PAUSE, () => isBegun() && check());
  onChange(form, later);
  onSent(form, () => {
    // Once it is submitted, the article may no longer be this user's to check.
    later.cancel();
    clearTimeout(retry);
    asked?.abort();
  });
  window.addEventListener("online", later);
  if (isBegun()) check();
}

/** The lists of the panel, its counts and its notice. */
function mountList(panel, { goTo, fix }) {
  const part = (name) => panel.querySelector(`[data-findings-${name}]`);
  const pattern = panel.querySelector("template[data-finding]").content;
  const fixAll = panel.querySelector("[data-fix-all]");
  let shown = [];

  fixAll.addEventListener("click", () => fix(shown.filter(({ fix }) => fix.length)));

  function show({ findings, errors, warnings, left, note }) {
    const focused = panel.contains(document.activeElement) && document.activeElement.closest("[data-key]")?.dataset.key;
    shown = findings;
    for (const group of panel.querySelectorAll("[data-findings-group]")) {
      const rows = findings.filter(({ severity }) => severity === group.dataset.findingsGroup);
      group.hidden = !rows.length;
      group.querySelector("ul").replaceChildren(...rows.map((finding) => rowOf(pattern, finding, shown.indexOf(finding), { goTo, fix })));
    }
    fixAll.hidden = findings.filter(({ fix }) => fix.length).length < 2;
    part("left").hidden = !left;
    part("left").textContent = `ほか${left}件`;
    say(part("counts"), note + (errors + warnings ? `公開を止める指摘${errors}件、助言${warnings}件` : "指摘はありません。"));
    tell("");
    if (focused) (panel.querySelector(`[data-key="${CSS.escape(focused)}"] a`) ?? part("counts")).focus();
  }

  /** Says what keeps the findings from being up to date, and marks them as old; "" if nothing does. */
  function tell(words) {
    say(part("notice"), words);
    part("old").hidden = !words || !shown.length;
    panel.classList.toggle("findings--old", Boolean(words));
  }

  return { show, tell };
}

function rowOf(pattern, finding, number, { goTo, fix }) {
  const row = pattern.cloneNode(true).firstElementChild;
  const part = (name) => row.querySelector(`[data-${name}]`);
  row.dataset.key = keyOf(finding);
  row.classList.toggle("finding--error", finding.severity === "error");
  part("place").textContent = finding.place;
  part("place").href = `#id_${finding.field}`;
  part("message").textContent = finding.message;
  part("message").id = `finding-${number}`;
  part("excerpt").textContent = finding.excerpt;
  part("excerpt").hidden = !finding.excerpt;
  part("fix").hidden = !finding.fix.length;
  for (const name of ["place", "fix"]) part(name).setAttribute("aria-describedby", part("message").id);
  part("place").addEventListener("click", (event) => {
    event.preventDefault();
    goTo(finding);
  });
  part("fix").addEventListener("click", () => fix([finding]));
  return row;
}

/** What tells a finding from others, also after the text around it has changed. */
function keyOf({ code, field, message, excerpt }) {
  return JSON.stringify([code, field, message, excerpt]);
}

/** The text with the edits made, as apply of blog/text/desk/findings.py makes them. */
function edited(text, edits) {
  const made = [];
  for (const edit of edits.toSorted((one, other) => one.start - other.start || other.end - one.end)) {
    const above = made.at(-1);
    if (!above || above.end <= edit.start) made.push(edit);
    else if (takeNeighbours(text, above, edit)) {
      const [gap] = text.slice(edit.end).match(/^[\r\n]*/);
      made.splice(-1, 1, { ...above, end: edit.end + gap.length });
    }
  }
  let done = 0;
  const parts = made.map(({ start, end, text: put }) => {
    const before = text.slice(done, start);
    done = end;
    return before + put;
  });
  return parts.join("") + text.slice(done);
}

/** Whether two edits only take, and share no more than the gap between two blocks. */
function takeNeighbours(text, above, edit) {
  const shared = text.slice(edit.start, above.end);
  const isGap = shared.includes("\n") && !shared.trim();
  return isGap && edit.end > above.end && !above.text.trim() && !edit.text.trim();
}

/** The number of the finding's line in the text as it is now; of several equal lines the nearest. */
function lineNow({ line }, then, now) {
  const [wanted, lines] = [then.split("\n")[line - 1], now.split("\n")];
  for (let away = 0; away < lines.length; away++) {
    for (const at of [line + away, line - away]) if (lines[at - 1] === wanted) return at;
  }
  return line;
}

/** In a narrow window the text may be behind the tab of the preview. */
function openText(field) {
  if (field.closest("[hidden]")) field.closest("[data-editor]")?.querySelector("[data-editor-tabs] button").click();
}

document.querySelectorAll("[data-findings]").forEach(mount);
showLinkedLine();

/** A link of the audit page ends with the line of a finding: #line-12. */
function showLinkedLine() {
  const line = /^#line-([0-9]{1,7})$/.exec(location.hash);
  const body = document.getElementById("id_body");
  if (!line || !body) return;
  openText(body);
  showLine(body, Number(line[1]));
}
