// Sends the form only to a server that would take it: otherwise a page of the browser, of the login or of a refusal would
// come in the place of the text.

import { make } from "./elements.js";
import { fieldsOf } from "./fields.js";
import { compositionOf } from "./form.js";
import { reasonOf, renewToken } from "./http.js";

const [SAID_AFTER, ASKED_AGAIN_AFTER] = [2_000, 5_000];
const NOT_SAVED = "まだ保存していません。";

const nameOf = (button) => (button?.localName === "button" ? button.textContent : button?.value) || "保存";

/** The autosaver keeps the text when the form was not sent, and says where. */
export function sendWhenReached(form, autosaver) {
  const box = form.element.querySelector("[data-unreached]");
  const words = make("span");
  const composition = compositionOf(form);
  const [again, anyway, close] = ["", "確かめずに送る", "閉じる"].map((name) => make("button", { type: "button", className: "button" }, name));
  let pressed = null; // the button that waits for the server
  let place = null; // what had the focus then
  let [isReached, isAsking] = [false, false];
  let [timer, failures] = [undefined, 0];

  /** The reason not to send the form now. What else the server refuses, it says itself. */
  async function errorOfServer() {
    const error = await renewToken(form).catch((error) => error);
    if (!(error instanceof Error)) return null;
    const isRefusal = error.status === 403 && error.answer.error; // the session is over, or another user's
    return isRefusal || !(error.status < 500) ? error : null;
  }

  /** Changes the words only, so that the button keeps the focus. */
  function say(sentence, ...buttons) {
    words.textContent = sentence;
    if (!words.isConnected) box.append(words);
    for (const button of buttons) if (!button.isConnected) box.append(button);
  }

  function watchLater() {
    clearTimeout(timer);
    timer = setTimeout(watch, ASKED_AGAIN_AFTER);
  }

  async function watch() {
    clearTimeout(timer);
    if (!again.isConnected || isAsking) return;
    const error = await errorOfServer();
    if (!again.isConnected || isAsking) return;
    if (error) watchLater();
    else say(`サーバーにつながりました。${NOT_SAVED}`);
  }

  const values = () => JSON.stringify(fieldsOf(form));
  const isPlainSave = () => pressed?.matches("[data-room-save]");

  async function send() {
    if (isAsking) return;
    isAsking = true;
    for (const button of [anyway, close]) button.remove();
    clearTimeout(timer);
    const meant = values();
    const waiting = setTimeout(() => say("サーバーの応答を待っています。"), SAID_AFTER);
    const error = await errorOfServer();
    if (!error) await Promise.allSettled([autosaver.sending]); // a form that is refused goes on with it
    clearTimeout(waiting);
    if (composition.isOn && !error) {
      say("変換の確定を待っています。"); // half a word of an IME is not sent
      await composition.ended();
    }
    isAsking = false;
    if (error) {
      failures += 1;
      say(`${reasonOf(error)}${NOT_SAVED}${autosaver.keepHere()}`, again, close);
      if (failures > 1 && error.status !== 403) close.before(anyway); // the question itself may be what fails
      watchLater();
    } else if (values() !== meant && !isPlainSave()) {
      say(`押したあとに書き足されました。${NOT_SAVED}`, again, close);
    } else submit();
  }

  function submit() {
    isReached = true;
    try {
      form.element.requestSubmit(pressed); // throws if the button has gone; without its name, the form would go live
      box.replaceChildren();
    } finally {
      isReached = false;
    }
  }

  form.element.addEventListener("submit", (event) => {
    if (isReached || event.defaultPrevented) return;
    event.preventDefault();
    if (isAsking) return;
    pressed = event.submitter;
    place = document.activeElement;
    again.textContent = `もう一度「${nameOf(pressed)}」`;
    send();
  });
  again.addEventListener("click", send);
  anyway.addEventListener("click", submit);
  close.addEventListener("click", () => {
    clearTimeout(timer);
    box.replaceChildren();
    place.focus();
  });
  window.addEventListener("online", watch);
}
