// Requests to the desk, and what to tell the editor when one fails.

const TIMEOUT = 20_000;

/** The server's refusal; its message is a sentence for the editor. */
export class Refused extends Error {
  constructor(status, answer) {
    super(answer.error ?? `サーバーが受け付けませんでした（${status}）。別のタブでログインし直してください。`);
    Object.assign(this, { status, answer });
  }
}

function tokenOf(form) {
  return form.element.querySelector("[name=csrfmiddlewaretoken]").value;
}

async function answerTo(response) {
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refused(response.status, answer);
  return answer;
}

/** Posts to the desk. Rejects with Refused, or with the browser's own error where the server was not reached. */
export async function post(form, url, body, options = {}) {
  const headers = { Accept: "application/json", "X-CSRFToken": tokenOf(form) };
  return answerTo(await fetch(url, { method: "POST", body, headers, signal: AbortSignal.timeout(TIMEOUT), ...options }));
}

export function reasonOf(error) {
  return error instanceof Refused ? error.message : "サーバーにつながりません。";
}
