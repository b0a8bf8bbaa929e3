// Autosaves in this browser, kept until the server has them.

export class LocalAutosaves {
  #start;
  #prefix;

  /** The autosaves of one user for one article or page, or for those that were never saved. */
  constructor({ user, object, kind }) {
    this.#start = `desk-autosave:${user}:${kind === "page" ? "page-" : ""}`;
    this.#prefix = `${this.#start}${object || "new"}:`;
  }

  /** Moves later autosaves to the form of a new article or page, since the form of this one no longer opens. */
  leaveItem() {
    this.#prefix = `${this.#start}new:`;
  }

  all() {
    return Object.keys(localStorage)
      .filter((name) => name.startsWith(this.#prefix))
      .flatMap((name) => this.#read(name));
  }

  #read(name) {
    try {
      return [{ ...JSON.parse(localStorage.getItem(name)), key: name.slice(this.#prefix.length) }];
    } catch {
      localStorage.removeItem(name); // the browser was ended while it wrote
      return [];
    }
  }

  /** Returns whether there was room for the autosave. */
  write(key, copy) {
    try {
      localStorage.setItem(this.#prefix + key, JSON.stringify(copy));
      return true;
    } catch {
      return false;
    }
  }

  rename(key, newKey) {
    const text = localStorage.getItem(this.#prefix + key);
    this.remove(key); // there may be no room for both
    localStorage.setItem(this.#prefix + newKey, text);
  }

  remove(key) {
    localStorage.removeItem(this.#prefix + key);
  }
}
