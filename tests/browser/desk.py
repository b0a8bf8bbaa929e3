"""An editor at the desk, in a window of their own."""

import json
from datetime import timedelta

from playwright.sync_api import BrowserContext, Locator, Page, Response

from tests.browser.tab import Tab
from tests.sites import NOW
from tests.sites.editors import PASSWORD

ADD = "/admin/blog/post/add/"
SAVE = "[name=_save], [name=_save_live]"  # the button of a public article has another name
GIVE = """([textarea, event, files]) => {
  const data = new DataTransfer();
  for (const [name, type, bytes] of files) data.items.add(new File([new Uint8Array(bytes)], name, {type}));
  const options = {bubbles: true, cancelable: true};
  textarea.dispatchEvent(event === "drop"
    ? new DragEvent("drop", {...options, dataTransfer: data})
    : new ClipboardEvent("paste", {...options, clipboardData: data}));
}"""


class Desk:
    """One editor's browser. `tab` and `page` are the window that was opened last."""

    def __init__(self, context: BrowserContext, origin: str, name: str, articles: dict[str, str]) -> None:
        self.context, self.origin, self.name, self._articles = context, origin, name, articles
        self.tab = Tab(context)
        self.page = self.tab.page

    def log_in(self, name: str = "") -> None:
        self.new_window("/admin/login/?next=/admin/password_change/")  # a page that costs little
        self.page.fill("#id_username", name or self.name)
        self.page.fill("#id_password", PASSWORD)
        self.page.click("[type=submit]")
        self.page.wait_for_url("**/admin/password_change/")

    def new_window(self, path: str = "") -> Page:
        """Without a path it stays empty."""
        self.tab = Tab(self.context)
        self.page = self.tab.page
        if path:
            self.tab.open(self.origin, path)
        return self.page

    def close_unheard(self) -> None:
        """Closes a window that has no connection, before the connection comes back.

        What a page sends while it closes outlives it, and would go out as soon as it can.
        """
        self.page.evaluate("() => { window.fetch = () => Promise.reject(new TypeError('offline')); }")
        self.page.close(run_before_unload=False)
        self.context.set_offline(False)

    def open(self, path: str = ADD) -> Page:
        self.tab.open(self.origin, path)
        return self.page

    def open_in_standing_time(self, path: str = ADD) -> Page:
        """Opens a page with a stopped clock. Its timers wait for `page.clock.run_for()`."""
        self.page.clock.install(time=NOW)
        self.open(path)
        self.page.clock.pause_at(NOW + timedelta(hours=1))
        return self.page

    @property
    def own_article(self) -> str:
        """The path of the form of this editor's one article."""
        return f"{self.address_of(f'{self.name}の記事')}change/"

    def address_of(self, title: str) -> str:
        """The path at the desk below which the pages of an article are. It is asked only for those that a test made."""
        if title in self._articles:
            return self._articles[title]
        self.open(f"/admin/blog/post/?q={title[:20]}")
        link = self.page.locator("#result_list tbody th a").first
        return link.get_attribute("href").partition("?")[0].removesuffix("change/")

    @property
    def text(self) -> Locator:
        return self.page.locator("textarea.editor__text")

    @property
    def status(self) -> Locator:
        return self.page.locator("[data-save-status]")

    @property
    def offers(self) -> Locator:
        return self.page.locator(".desk-autosave")

    def write(self, words: str) -> None:
        """Types at the end of the text."""
        self.text.focus()
        self.page.keyboard.press("ControlOrMeta+End")
        self.page.keyboard.type(words)

    def write_and_leave_the_field(self, words: str) -> None:
        """Waits until the desk has stored the words. It may store the first of them in a request before."""
        sent = json.dumps(words, ensure_ascii=False)[1:-1]

        def is_answer(response: Response) -> bool:
            return response.url.endswith("/autosave/keep/") and sent in (response.request.post_data or "")

        with self.page.expect_response(is_answer):
            self.write(words)
            self.page.locator("#id_title").focus()

    def save(self) -> None:
        self.page.click(SAVE)
        self.page.wait_for_selector(".messagelist .success")

    def article_in_preview(self) -> str:
        return self.page.evaluate(
            "document.querySelector('[data-editor-frame]').contentDocument.querySelector('article')?.outerHTML ?? ''"
        )

    def published_article(self, path: str) -> str:
        return self.page.evaluate(
            """async path => {
              const html = await (await fetch(path)).text();
              return new DOMParser().parseFromString(html, "text/html").querySelector("article").outerHTML;
            }""",
            path,
        )

    def unfold(self, name: str) -> None:
        """Opens a group of the form that is folded away."""
        self.page.locator(".room-group > summary", has_text=name).click()

    def show_preview(self) -> None:
        """Puts the preview beside the text, in a window where it is not: a narrow one shows it instead of the text."""
        if not self.page.locator("[data-editor-frame]").is_visible():
            self.page.locator("[data-view=side], [data-view=page]").locator("visible=true").first.click()

    def wait_for_preview(self, words: str) -> None:
        self.show_preview()
        shown = "document.querySelector('[data-editor-frame]').contentDocument.querySelector('article')?.innerText"
        # A look at a long article takes a while: sixty of them in a second would keep the preview waiting.
        self.page.wait_for_function(f"words => {shown}?.includes(words)", arg=words, polling=100)

    @property
    def dialog(self) -> Locator:
        return self.page.locator("dialog[open]")

    def give(self, event: str, *files: tuple[str, str, bytes]) -> None:
        """Drops or pastes files: (name, type, content)."""
        data = [(name, kind, list(content)) for name, kind, content in files]
        self.page.evaluate(GIVE, [self.text.element_handle(), event, data])
