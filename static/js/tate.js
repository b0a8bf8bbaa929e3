// Vertical reading, where there is a script: a wheel that only goes up and down moves the page sideways, so do the keys
// that browsers take for up and down, and the choice between vertical and horizontal lines is kept in the browser.
// Without it the page moves by arrows (in Chromium by space too), by touch, by its scroll bar and by the wheel with Shift.

import { keepSetting } from "./setting.js";
import { noteWhatFits } from "./tables.js";

const LINE = 40; // pixels that a wheel of whole lines moves for each
const OWN = ".table-scroll, pre"; // what scrolls by itself
const PRESSED = "a, button, summary"; // what space is for
const BAR = 20; // pixels that a scroll bar may take away

/** Whether something under the pointer goes up and down by itself. */
const turns = (target) => {
  const box = target.closest(OWN);
  return box && box.scrollHeight > box.clientHeight + BAR;
};

addEventListener(
  "wheel",
  (event) => {
    if (event.ctrlKey || event.shiftKey || event.deltaX || turns(event.target)) return;
    event.preventDefault();
    scrollBy({ left: -event.deltaY * (event.deltaMode ? LINE : 1), behavior: "instant" });
  },
  { passive: false },
);

const WINDOWS = { PageDown: -0.9, PageUp: 0.9, " ": -0.9, End: -Infinity, Home: Infinity }; // by which a key moves the page

addEventListener("keydown", (event) => {
  const isSpace = event.key === " ";
  const windows = isSpace && event.shiftKey ? -WINDOWS[" "] : WINDOWS[event.key];
  if (!windows || event.altKey || event.ctrlKey || event.metaKey) return;
  if (event.target.closest(isSpace ? `${OWN}, ${PRESSED}` : OWN)) return;
  event.preventDefault();
  const farthest = document.documentElement.scrollWidth;
  scrollBy({ left: Math.max(-farthest, Math.min(farthest, windows * innerWidth)), behavior: "instant" });
});

noteWhatFits();
keepSetting();
