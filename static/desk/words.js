// Times and numbers in words, and how they are said.

export const number = new Intl.NumberFormat("ja");

/** Times are those of Tokyo, wherever the editor is. */
export const clock = new Intl.DateTimeFormat("ja", { hour: "numeric", minute: "2-digit", timeZone: "Asia/Tokyo" });

/** Sets the text only if it differs: a screen reader would read it again. */
export function say(element, words) {
  if (element.textContent !== words) element.textContent = words;
}
