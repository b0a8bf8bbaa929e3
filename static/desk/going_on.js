// Goes on with a batch by itself. Without the script an editor presses the button for each part; so does who comes back to
// the page or loads it again, having stopped the batch.

const [visit] = performance.getEntriesByType("navigation");
if (visit?.type === "navigate") document.querySelector("[data-going-on]")?.requestSubmit();
