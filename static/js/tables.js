/**
 * Tells the style sheets which tables fit, so that they do not say of them that they can be moved. The Tab key stops at
 * what can be moved only: an article may have forty tables, and code besides.
 */
export const noteWhatFits = () => {
  const boxes = [...document.querySelectorAll(".prose :is([role='region'], pre)")];
  const sizeOf = (box) => [box, box.scrollWidth <= box.clientWidth, box.scrollHeight <= box.clientHeight];
  const note = () => {
    for (const [box, fitsAcross, fitsDown] of boxes.map(sizeOf)) {
      box.toggleAttribute("data-fits", fitsAcross);
      if (fitsAcross && fitsDown) box.removeAttribute("tabindex");
      else box.tabIndex = 0;
    }
  };
  const observer = new ResizeObserver(note);
  for (const part of boxes.flatMap((box) => [box, ...box.children])) observer.observe(part);
};
