// Vertical reading, where there is a script: a wheel that only goes up and down moves the page sideways, so do the keys
// that browsers take for up and down, and the choice between vertical and horizontal lines is kept in the browser.
// Without it the page moves by arrows and space, by touch, by its scroll bar and by the wheel with Shift.

import { keepSetting } from "./setting.js";

const LINE = 40; // pixels that a wheel of whole lines moves for each

addEventListener(
  "wheel",
  (event) => {
    if (event.ctrlKey || event.shiftKey || event.deltaX || event.target.closest(".table-scroll, pre")) return;
    event.preventDefault();
    scrollBy({ left: -event.deltaY * (event.deltaMode ? LINE : 1), behavior: "instant" });
  },
  { passive: false },
);

const WINDOWS = { PageDown: -0.9, PageUp: 0.9, End: -Infinity, Home: Infinity }; // by which a key moves the page

addEventListener("keydown", (event) => {
  const windows = WINDOWS[event.key];
  if (!windows || event.altKey || event.ctrlKey || event.metaKey || event.target.closest(".table-scroll, pre")) return;
  event.preventDefault();
  const farthest = document.documentElement.scrollWidth;
  scrollBy({ left: Math.max(-farthest, Math.min(farthest, windows * innerWidth)), behavior: "instant" });
});

keepSetting();
