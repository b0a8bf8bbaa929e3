// Makes the elements that scripts add to a page.

/** An element with these properties and, in it, these elements and texts. */
export function make(name, properties = {}, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
}
