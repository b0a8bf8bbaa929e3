// Requests to the desk, and what to tell the editor when one fails.

const TIMEOUT = 20_000;

/** The server's refusal; its message is a sentence for the editor. */
export class Refused extends Error {
  constructor(status, answer) {
    super(answer.error ?? `サーバーが受け付けませんでした（${status}）。`);
    Object.assign(this, { status, answer });
  }
}

/** With each request goes whose page this is: what is typed here is not for whoever logged in since. */
function headersOf(form) {
  const headers = { Accept: "application/json" };
  const { user } = document.querySelector("[data-desk-form]")?.dataset ?? {};
  if (user) headers["X-Desk-User"] = user;
  if (form) headers["X-CSRFToken"] = form.element.querySelector("[name=csrfmiddlewaretoken]").value;
  return headers;
}

async function answerTo(response) {
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refused(response.status, answer);
  return answer;
}

/** Asks the desk. Rejects with Refused, or with the browser's own error where the server was not reached. */
export async function get(url) {
  return answerTo(await fetch(url, { headers: headersOf(), signal: AbortSignal.timeout(TIMEOUT) }));
}

/** Posts to the desk; rejects as `get` does. */
export function post(form, url, body, options = {}) {
  return withToken(form, async () => {
    const signal = AbortSignal.timeout(TIMEOUT);
    return answerTo(await fetch(url, { method: "POST", body, headers: headersOf(form), signal, ...options }));
  });
}

/** Posts what may take long; `onProgress` is told the share that has gone out. `fetch` could not tell. */
export function send(form, url, body, options) {
  return withToken(form, () => sendOnce(form, url, body, options));
}

/** Logging in again in another tab makes the token of this form worthless; with a fresh one the form goes on. */
async function withToken(form, ask) {
  try {
    return await ask();
  } catch (error) {
    if (error.status !== 403 || error.answer.error) throw error; // our own refusals have words
    const { token } = await get(form.tokenUrl);
    for (const field of form.element.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = token;
    return ask();
  }
}

function sendOnce(form, url, body, { signal, onProgress }) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", url);
    for (const [name, value] of Object.entries(headersOf(form))) request.setRequestHeader(name, value);
    request.upload.addEventListener("progress", (event) => onProgress(event.loaded / event.total));
    request.addEventListener("load", () =>
      answerTo(new Response(request.response, { status: request.status })).then(resolve, reject),
    );
    for (const name of ["error", "abort"]) request.addEventListener(name, () => reject(new TypeError(name)));
    signal.addEventListener("abort", () => request.abort());
    request.send(body);
  });
}

export function reasonOf(error) {
  return error instanceof Refused ? error.message : "サーバーにつながりません。";
}
