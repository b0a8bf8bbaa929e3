// The preview: the whole page as readers will get it, made by the server from the values of the form.
//
// A sandboxed frame shows it: the content policy allows no framed address, and no script of the page runs in it.

import { debounce, onChange, onSent, tellMinutes, valuesOf } from "./form.js";
import { post, reasonOf } from "./http.js";
import { keepInStep } from "./scroll.js";

const PAUSE = 400;

export function mountPreview(root, form) {
  const frame = root.querySelector("[data-editor-frame]");
  const notice = root.querySelector("[data-editor-preview-notice]");
  const page = framedPage(frame, keepInStep(root.querySelector("textarea"), frame));
  let asked = 0;
  let shown = 0;
  let sent;

  async function refresh() {
    if (frame.closest("[hidden]")) return; // the tab asks again when it opens
    const values = valuesOf(form);
    const text = JSON.stringify([...values]);
    if (text === sent) return;
    sent = text;
    const number = ++asked;
    try {
      const answer = await post(form, form.previewUrl, values);
      if (number < shown) return; // a newer answer came first
      shown = number;
      notice.textContent = "";
      page.show(answer.html);
      tellMinutes(form, answer);
    } catch (error) {
      sent = undefined;
      if (number === asked) notice.textContent = `プレビューを更新できません。${reasonOf(error)}`;
    }
  }

  const later = debounce(PAUSE, refresh);
  onChange(form, later);
  onSent(form, later.cancel);
  return { refresh };
}

function framedPage(frame, steps) {
  let state = "empty";

  frame.addEventListener("load", () => {
    if (state !== "loading") return;
    state = "loaded";
    frame.contentDocument.addEventListener("click", followInside);
    steps.watch(frame.contentDocument);
  });

  return {
    show(html) {
      const next = new DOMParser().parseFromString(html, "text/html");
      next.querySelectorAll("script").forEach((script) => script.remove()); // it could not run
      if (state === "loaded") {
        // Only the body is replaced: the style sheets stay, nothing flashes, and the page keeps its scroll position.
        const shown = frame.contentDocument;
        shown.body.replaceWith(shown.adoptNode(next.body));
        steps.measure();
      } else {
        state = "loading";
        frame.srcdoc = `<!doctype html>${next.documentElement.outerHTML}`;
      }
    },
  };
}

/** In a preview only links to places in the page itself work. */
function followInside(event) {
  const link = event.target.closest("a[href]");
  if (!link) return;
  event.preventDefault();
  const href = link.getAttribute("href");
  if (href.startsWith("#")) link.ownerDocument.getElementById(decodeURIComponent(href.slice(1)))?.scrollIntoView();
}
