// Goes on with a batch by itself. Without the script an editor presses the button for each part.

document.querySelector("[data-going-on]")?.requestSubmit();
