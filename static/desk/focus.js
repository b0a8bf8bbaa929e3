// The focal point of a picture by a click on it. The two fields stay, for the keyboard and for exact numbers.

import { make } from "./elements.js";

const [x, y] = ["id_focus_x", "id_focus_y"].map((id) => document.getElementById(id));
const image = document.querySelector(".field-thumbnail .thumbnail");
if (x && y && image) offer();

function offer() {
  const mark = make("span", { className: "focus__mark", ariaHidden: "true" });
  const box = make("div", { className: "focus" });
  image.replaceWith(box);
  image.classList.add("focus__image");
  box.append(image, mark);
  box.after(make("p", { className: "help" }, "画像を押すと、切り抜きで必ず見せたい場所（焦点）を決められます。"));
  const show = () => {
    mark.style.insetInlineStart = `${x.value || 50}%`;
    mark.style.insetBlockStart = `${y.value || 50}%`;
  };
  image.addEventListener("click", (event) => {
    const { left, top, width, height } = image.getBoundingClientRect();
    x.value = percent((event.clientX - left) / width);
    y.value = percent((event.clientY - top) / height);
    for (const field of [x, y]) field.dispatchEvent(new Event("input", { bubbles: true }));
    show();
  });
  for (const field of [x, y]) field.addEventListener("input", show);
  show();
}

function percent(share) {
  return Math.min(100, Math.max(0, Math.round(share * 100)));
}
