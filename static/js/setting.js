// Whether somebody reads in vertical lines. The links work without it; it remembers which was pressed last.

const KEY = "setting";

const store = (choice) => {
  try {
    localStorage.setItem(KEY, choice);
  } catch {
    // storage is forbidden: the choice lasts for this page
  }
};

export const setting = () => {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
};

export const keepSetting = () => {
  for (const link of document.querySelectorAll("[data-setting]")) {
    link.addEventListener("click", () => store(link.dataset.setting));
  }
};
