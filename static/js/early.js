// The one script that runs before the first paint, so that nothing moves: it tells the style sheets what this browser
// has, so that no button is shown that cannot work.
document.documentElement.dataset.has = ["script", navigator.clipboard && "copy", navigator.share && "share"]
  .filter(Boolean)
  .join(" ");
