// Aids for reading an article. Everything here is in the page without it: the contents are a list of links, the address
// is in the address bar.

import { keepSetting, setting } from "./setting.js";
import { noteWhatFits } from "./tables.js";

const WIDE = matchMedia("(min-width: 72rem)"); // as in article.css

/** In the margin the contents stand open, and their title is no button. */
function unfold(contents) {
  const summary = contents.querySelector("summary");
  const update = () => {
    contents.open = WIDE.matches;
    summary.tabIndex = WIDE.matches ? -1 : 0;
  };
  WIDE.addEventListener("change", update);
  update();
}

/** Marks the section that is being read: the last one whose heading has passed the upper third of the window. */
function markCurrentSection(contents) {
  const links = [...contents.querySelectorAll("a")];
  const headings = links.map((link) => document.getElementById(decodeURIComponent(link.hash.slice(1))));
  let current = null;
  const update = () => {
    const line = innerHeight / 3 + 1;
    const passed = headings.findLastIndex((heading) => heading?.getBoundingClientRect().top < line);
    const link = links[passed] ?? null;
    if (link === current) return;
    current?.removeAttribute("aria-current");
    link?.setAttribute("aria-current", "true");
    current = link;
    if (link && WIDE.matches) keepInSight(link, contents);
  };
  const observer = new IntersectionObserver(update, { rootMargin: "0px 0px -66% 0px" });
  for (const heading of headings) if (heading) observer.observe(heading);
  addEventListener("scrollend", update); // a jump over many headings may cross none of them
}

function keepInSight(link, box) {
  const [inner, outer] = [link.getBoundingClientRect(), box.getBoundingClientRect()];
  if (inner.top < outer.top) box.scrollTop += inner.top - outer.top;
  else if (inner.bottom > outer.bottom) box.scrollTop += inner.bottom - outer.bottom;
}

function offerSharing(share) {
  const status = share.querySelector("[role=status]");
  const { title, url } = share.dataset;
  share.querySelector("[data-needs=copy]").addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(url);
      status.textContent = "コピーしました";
    } catch {
      status.textContent = "コピーできませんでした。アドレス欄からコピーしてください";
    }
  });
  share.querySelector("[data-needs=share]").addEventListener("click", () => {
    navigator.share({ title, url }).catch(() => {}); // closing the sheet is no error
  });
}

for (const contents of document.querySelectorAll("[data-contents]")) {
  unfold(contents);
  markCurrentSection(contents);
}
noteWhatFits();
document.querySelectorAll("[data-share]").forEach(offerSharing);

// Who chose vertical lines gets them for this article too, but not in place of a preview.
const vertical = document.querySelector("[data-setting='tate']");
if (setting() === "tate" && vertical?.pathname === `${location.pathname}tate/`) {
  location.replace(vertical.href + location.hash);
}
keepSetting();
