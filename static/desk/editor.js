// The stock markdownx editor takes every answer for a success: it shows the JSON of a refused preview, and for a
// refused picture it writes "Invalid response" into the article. This says the reason instead.

function reasonIn(answer) {
  try {
    return JSON.parse(answer).error;
  } catch {
    return undefined; // the HTML of a preview
  }
}

function explain(box) {
  const editor = box.querySelector(".markdownx-editor");
  const preview = box.querySelector(".markdownx-preview");
  const notice = document.createElement("p");
  notice.className = "markdownx-notice";
  notice.setAttribute("role", "alert");
  editor.after(notice);

  box.addEventListener("markdownx.fileUploadError", (event) => {
    const [text, caret] = [editor.value, editor.selectionStart];
    // The words are written right after this event.
    setTimeout(() => {
      editor.value = text;
      editor.setSelectionRange(caret, caret);
      notice.textContent = event.detail[0].error ?? "画像を保存できませんでした。";
    });
  });
  box.addEventListener("markdownx.fileUploadEnd", () => {
    notice.textContent = "";
  });
  box.addEventListener("markdownx.update", (event) => {
    const reason = reasonIn(event.detail[0]);
    if (reason) preview.textContent = reason;
  });
}

document.querySelectorAll(".markdownx").forEach(explain);
