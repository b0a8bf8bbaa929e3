// The one script that runs before the first paint, so that nothing flashes and nothing moves: it applies the theme
// that somebody chose, and tells the style sheets what this browser has, so that no button is shown that cannot work.
{
  const KEY = "theme";
  const root = document.documentElement;

  const stored = () => {
    try {
      return localStorage.getItem(KEY);
    } catch {
      return null; // storage is forbidden: the choice lasts as long as the page
    }
  };

  const apply = (choice) => {
    if (choice === "light" || choice === "dark") root.dataset.theme = choice;
    else delete root.dataset.theme;
    for (const colour of document.querySelectorAll("meta[data-scheme]")) {
      const { scheme } = colour.dataset;
      const isChosen = root.dataset.theme === scheme;
      colour.media = root.dataset.theme ? (isChosen ? "all" : "not all") : `(prefers-color-scheme: ${scheme})`;
    }
    for (const button of document.querySelectorAll("[data-theme-choice]")) {
      const isChosen = button.dataset.themeChoice === (root.dataset.theme ?? "auto");
      button.setAttribute("aria-pressed", isChosen);
    }
  };

  const keep = (choice) => {
    try {
      if (choice === "auto") localStorage.removeItem(KEY);
      else localStorage.setItem(KEY, choice);
    } catch {
      // see above
    }
  };

  root.dataset.has = ["script", navigator.clipboard && "copy", navigator.share && "share"].filter(Boolean).join(" ");
  apply(stored());
  document.addEventListener("DOMContentLoaded", () => apply(root.dataset.theme));
  document.addEventListener("click", ({ target }) => {
    const choice = target.closest("[data-theme-choice]")?.dataset.themeChoice;
    if (!choice) return;
    keep(choice);
    apply(choice);
  });
  addEventListener("storage", ({ key, newValue }) => {
    if (key === KEY || key === null) apply(newValue);
  });
}
