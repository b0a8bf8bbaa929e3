// Copies of unsaved forms in this browser, for as long as the server does not have them.

export class Copies {
  #user;
  #prefix;

  /** Those of one user in the form of one article, or of articles that were never saved. */
  constructor({ user, object }) {
    this.#user = user;
    this.#prefix = `desk-draft:${user}:${object || "new"}:`;
  }

  /** No form of the article opens any more: what is written from here on is offered in that of a new one. */
  leaveArticle() {
    this.#prefix = `desk-draft:${this.#user}:new:`;
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
      localStorage.removeItem(name); // cut off in the middle of writing
      return [];
    }
  }

  /** Whether there was room for it. */
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
