// Sends the form only to a server that answers: otherwise the browser would put a page of its own in the place of the text.

import { get, reasonOf } from "./http.js";

const [SAID_AFTER, ASKED_AGAIN_AFTER] = [2_000, 5_000];

const nameOf = (button) => (button?.localName === "button" ? button.textContent : button?.value) || "保存";

/** `keepHere` is called when the server was not reached; it returns the sentence that says where the text is kept. */
export function sendWhenReached(form, keepHere) {
  const box = form.element.querySelector("[data-unreached]");
  const again = Object.assign(document.createElement("button"), { type: "button", className: "desk-button" });
  let pressed = null; // the button that waits for the server
  let [isReached, isAsking] = [false, false];
  let timer;

  async function errorOfServer() {
    const error = await get(form.tokenUrl).catch((error) => error);
    return !(error instanceof Error) || error.status < 500 ? null : error; // what it refuses, it says itself
  }

  function say(words) {
    box.replaceChildren(words, again);
  }

  async function watch() {
    clearTimeout(timer);
    if (!again.isConnected) return;
    if (await errorOfServer()) timer = setTimeout(watch, ASKED_AGAIN_AFTER);
    else if (again.isConnected) say("サーバーにつながりました。まだ保存していません。");
  }

  async function send() {
    if (isAsking) return;
    isAsking = again.disabled = true;
    const waiting = setTimeout(() => box.replaceChildren("サーバーの返事を待っています。"), SAID_AFTER);
    const error = await errorOfServer();
    clearTimeout(waiting);
    isAsking = again.disabled = false;
    if (error) {
      say(`${reasonOf(error)}まだ保存していません。${keepHere()}`);
      timer = setTimeout(watch, ASKED_AGAIN_AFTER);
      return;
    }
    box.replaceChildren();
    isReached = true;
    form.element.requestSubmit(pressed);
    isReached = false;
  }

  form.element.addEventListener("submit", (event) => {
    if (isReached || event.defaultPrevented) return;
    event.preventDefault();
    pressed = event.submitter;
    again.textContent = `もう一度「${nameOf(pressed)}」`;
    send();
  });
  again.addEventListener("click", send);
  window.addEventListener("online", watch);
}
