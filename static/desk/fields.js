// Reads the values of a form and puts them back.

import { replaceAll } from "./text.js";

// These fields belong to the window and are not kept. The edit number is kept beside the fields.
const OWN = /^(csrfmiddlewaretoken|form_key|autosave_(key|known)|base_version|_.*)$|-(TOTAL|INITIAL|MIN_NUM|MAX_NUM)_FORMS$|-__prefix__-/;
const ROW = /^(.+)-(\d+)-(.+)$/;
const KEYS_OF_ROWS = /-(id|post)$/;

/** [name, value] of each field; for a select also the shown text, which an autocomplete field needs to show it again. */
export function fieldsOf(form) {
  const fields = [];
  for (const [name, value] of new FormData(form.element)) {
    if (OWN.test(name) || typeof value !== "string") continue;
    const field = form.element.elements.namedItem(name);
    if (field instanceof HTMLSelectElement && value) fields.push([name, value, labelOf(field, value)]);
    else fields.push([name, value]);
  }
  return fields;
}

/** Whether a text is not the server's: it was typed before the scripts had come, or put back by the browser. */
export function isTyped(form) {
  const texts = [...form.element.querySelectorAll("textarea")];
  return texts.some(({ value, defaultValue }) => value !== defaultValue.replace(/\r\n?/g, "\n"));
}

function labelOf(select, value) {
  return [...select.options].find((option) => option.value === value)?.text ?? "";
}

/** Puts fields back. Fields that the form no longer has are left out; those that nobody may change stay. */
export function putFields(form, fields) {
  addRows(form.element, fields);
  const wanted = Map.groupBy(fields, ([name]) => name);
  for (const field of form.element.elements) {
    if (!field.name || field.disabled || OWN.test(field.name) || KEYS_OF_ROWS.test(field.name)) continue;
    if (["file", "submit"].includes(field.type)) continue;
    put(field, wanted.get(field.name) ?? []);
  }
}

function put(field, found) {
  const values = found.map(([, value]) => value);
  const first = values[0] ?? "";
  if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
  else if (field instanceof HTMLSelectElement) choose(field, found);
  else if (field.closest("[data-editor]")) return replaceAll(field, first);
  else field.value = first;
  tell(field);
}

function choose(select, found) {
  for (const [, value, label] of found) addOption(select, value, label || value);
  const values = found.map(([, value]) => value);
  for (const option of select.options) option.selected = values.includes(option.value);
}

/** An autocomplete field has only the options that were chosen in it. */
export function addOption(select, value, label) {
  if (![...select.options].some((option) => option.value === value)) select.add(new Option(label, value));
}

/** Autocomplete fields listen to events of jQuery only. */
export function tell(field) {
  field.dispatchEvent(new Event("input", { bubbles: true }));
  if (window.django?.jQuery) window.django.jQuery(field).trigger("change");
  else field.dispatchEvent(new Event("change", { bubbles: true }));
}

/** Adds the inline rows that the fields need. */
function addRows(element, fields) {
  for (const [name] of fields) {
    const [, prefix, number] = name.match(ROW) ?? [];
    const total = element.elements.namedItem(`${prefix}-TOTAL_FORMS`);
    while (total && Number(total.value) <= Number(number)) {
      const before = total.value;
      element.querySelector(`#${prefix}-group .add-row a`)?.click();
      if (total.value === before) break; // no more are allowed
    }
  }
}
