// The one script that runs before the first paint, so that nothing flashes and nothing moves: it applies the theme and
// the size of letters that somebody chose, and tells the style sheets what this browser has, so that no button is shown
// that cannot work.
{
  const CHOICES = { theme: ["light", "dark"], size: ["small", "large"] }; // besides "auto", which is not stored
  const root = document.documentElement;

  const stored = (name) => {
    try {
      return localStorage.getItem(name);
    } catch {
      return null; // storage is forbidden: the choice lasts as long as the page
    }
  };

  const apply = (name, choice) => {
    if (CHOICES[name].includes(choice)) root.dataset[name] = choice;
    else delete root.dataset[name];
    for (const colour of document.querySelectorAll("meta[data-scheme]")) {
      const { scheme } = colour.dataset;
      const isChosen = root.dataset.theme === scheme;
      colour.media = root.dataset.theme ? (isChosen ? "all" : "not all") : `(prefers-color-scheme: ${scheme})`;
    }
    for (const button of document.querySelectorAll(`[data-${name}-choice]`)) {
      button.setAttribute("aria-pressed", button.dataset[`${name}Choice`] === (root.dataset[name] ?? "auto"));
    }
  };

  const applyAll = (choice) => Object.keys(CHOICES).forEach((name) => apply(name, choice(name)));

  const keep = (name, choice) => {
    try {
      if (choice === "auto") localStorage.removeItem(name);
      else localStorage.setItem(name, choice);
    } catch {
      // see above
    }
  };

  root.dataset.has = ["script", navigator.clipboard && "copy", navigator.share && "share"].filter(Boolean).join(" ");
  applyAll(stored);
  document.addEventListener("DOMContentLoaded", () => applyAll((name) => root.dataset[name]));
  document.addEventListener("click", ({ target }) => {
    for (const name of Object.keys(CHOICES)) {
      const choice = target.closest(`[data-${name}-choice]`)?.dataset[`${name}Choice`];
      if (!choice) continue;
      keep(name, choice);
      apply(name, choice);
    }
  });
  addEventListener("storage", ({ key, newValue }) => {
    if (key in CHOICES) apply(key, newValue);
    else if (key === null) applyAll(() => null);
  });
}
