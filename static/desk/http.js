// Requests to the desk, and the sentence for the editor when one fails.

const TIMEOUT = 20_000;

/** The server refused the request. The message is a sentence for the editor. */
class Refused extends Error {
  constructor(status, answer) {
    super(answer.error ?? `サーバーが受け付けませんでした（${status}）。`);
    Object.assign(this, { status, answer });
  }
}

/** Each request names the user of this page, so that a user who logged in later does not store its text. */
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

/** Gets an answer of the desk. Rejects with Refused, or with the browser's error if the server was not reached. */
export async function get(url) {
  return answerTo(await fetch(url, { headers: headersOf(), cache: "no-store", signal: AbortSignal.timeout(TIMEOUT) }));
}

/** Posts to the desk; rejects as `get` does. A `signal` among the options takes the request back. */
export function post(form, url, body, { signal: ended, timeout = TIMEOUT, ...options } = {}) {
  return withToken(form, async () => {
    const signal = AbortSignal.any([AbortSignal.timeout(timeout), ...(ended ? [ended] : [])]);
    return answerTo(await fetch(url, { method: "POST", body, headers: headersOf(form), signal, ...options }));
  });
}

/** Repeats a request with a fresh token: a login in another tab makes the token of this form invalid. */
async function withToken(form, ask) {
  try {
    return await ask();
  } catch (error) {
    if (error.status !== 403 || error.answer.error) throw error; // the desk's own refusals have a sentence
    await renewToken(form);
    return ask();
  }
}

/** Gives the form the token of the present session. Rejects as `get` does, also if something else answered. */
export async function renewToken(form) {
  const { token } = await get(form.tokenUrl);
  if (!token) throw new TypeError("no token");
  for (const field of form.element.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = token;
}

export function reasonOf(error) {
  return error instanceof Refused ? error.message : "サーバーにつながりません。";
}
