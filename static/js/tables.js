/** Tells the style sheets which tables fit, so that they do not say of them that they can be moved. */
export const noteWhatFits = () => {
  const boxes = [...document.querySelectorAll(".prose [role='region']")];
  const note = () => boxes.forEach((box) => box.toggleAttribute("data-fits", box.scrollWidth <= box.clientWidth));
  const observer = new ResizeObserver(note);
  for (const part of boxes.flatMap((box) => [box, ...box.children])) observer.observe(part);
};
