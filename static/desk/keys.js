// Keys: whether one belongs to an IME, and the one that commands.

const isMac = /^(Mac|iP)/.test(navigator.platform);

/** Whether the key belongs to an IME that composes; some browsers send the key code 229 instead. */
export function isOfIme(event) {
  return event.isComposing || event.keyCode === 229;
}

/** Whether Ctrl is down (⌘ on a Mac), and not the other. */
export function isCommand(event) {
  return isMac ? event.metaKey && !event.ctrlKey : event.ctrlKey && !event.metaKey;
}
