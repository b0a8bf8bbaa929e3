"""A tab of the browser that notes what goes wrong in it."""

from urllib.parse import quote

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response

# Brings in the pictures that wait to be scrolled to, goes to the end and back for what may move then, and does not
# trust to luck: a picture that comes fast enough moves nothing, though no room was kept for it. The browser keeps what
# moved before anyone asked, so that nothing of ours has to run in the page, or in the frames of it, while it loads.
SETTLE = """async () => {
  const shifts = [];
  const note = ({value, sources}) => shifts.push(
    `${value.toFixed(4)} by ${sources.map(({node}) => node?.parentElement?.outerHTML.slice(0, 80)).join(", ")}`);
  const observer = new PerformanceObserver(list => list.getEntries().forEach(note));
  observer.observe({type: "layout-shift", buffered: true});
  const frames = async () => { for (const _ of "ab") await new Promise(requestAnimationFrame); };
  for (const image of document.images) image.loading = "eager";
  await Promise.allSettled([...document.images].map(image => image.decode()));
  for (const place of [document.documentElement.scrollHeight, 0]) { scrollTo(0, place); await frames(); }
  observer.takeRecords().forEach(note);
  const loose = [...document.images].filter(image => !(image.hasAttribute("width") && image.hasAttribute("height")));
  return [...shifts, ...loose.map(image => `no room is kept for ${image.outerHTML}`)];
}"""

# Waits until the scripts have done what they do after a page has loaded. A page that draws nothing is never idle.
AT_REST = "() => new Promise(done => requestIdleCallback(done, {timeout: 500}))"

# Where the words of an element begin and end in the window, which its box does not say.

# What sticks out at the right, save in a box that scrolls on its own.
OVERFLOW = """() => {
  const root = document.documentElement, width = root.clientWidth;
  if (root.scrollWidth <= width && getComputedStyle(document.body).overflowX === "visible") return [];
  const scrolls = element => getComputedStyle(element).overflowX !== "visible";
  const boxed = element => element && (scrolls(element) || boxed(element.parentElement));
  const out = [...document.body.querySelectorAll("*")].filter(
    element => element.getBoundingClientRect().right > width + 1 && !boxed(element.parentElement));
  return [`page is ${root.scrollWidth} wide in ${width}`, ...out.map(element => element.outerHTML.slice(0, 100))];
}"""


class Tab:
    """`faults` are those of the page that was opened last: errors, failed and foreign requests, refused content."""

    def __init__(self, context: BrowserContext) -> None:
        self.faults: list[str] = []
        self._url, self._status = "", 200
        self.page: Page = context.new_page()
        self.page.on("console", self._on_console)
        self.page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        self.page.on("request", self._on_request)
        self.page.on("requestfailed", self._on_failure)
        self.page.on("response", self._on_response)

    def open(self, origin: str, path: str, status: int = 200, until: str = "load") -> Response:
        self.faults.clear()
        self._origin, self._url, self._status = f"{origin}/", origin + quote(path, safe="/?=&%"), status
        response = self.page.goto(self._url, wait_until=until)
        if response.status != status:
            self.faults.append(f"answers {response.status}")
        return response

    def leave(self) -> None:
        """Goes where no script runs, on the same site, once it was on one: for another, Chromium starts a process."""
        if self._url:
            self.page.goto(f"{self._origin}robots.txt")

    def shifts(self) -> list[str]:
        """What moved while the page loaded, from its first sight to the last of its pictures."""
        return self.page.evaluate(SETTLE)

    def overflow(self) -> list[str]:
        return self.page.evaluate(OVERFLOW)

    def resize(self, width: int, height: int = 844) -> None:
        self.page.set_viewport_size({"width": width, "height": height})

    def _on_console(self, message: ConsoleMessage) -> None:
        expected = self._status != 200 and message.location["url"] == self._url
        if message.type in ("error", "warning") and not expected:
            self.faults.append(f"{message.type}: {message.text} ({message.location['url']})")

    def _on_request(self, request: Request) -> None:
        if not request.url.startswith((self._origin, "data:")):
            self.faults.append(f"asks somebody else: {request.url}")

    def _on_failure(self, request: Request) -> None:
        # A script that asks anew takes back what it asked before: on a slow machine more often than on a fast one.
        taken_back = request.resource_type in ("fetch", "xhr") and "ERR_ABORTED" in request.failure
        if not taken_back:
            self.faults.append(f"failed: {request.url} {request.failure}")

    def _on_response(self, response: Response) -> None:
        if response.status >= 400 and response.url != self._url:
            self.faults.append(f"answers {response.status}: {response.url}")


def pasted(page: Page) -> str:
    """What the clipboard holds, as somebody finds out who pastes it: our policy lets no page read it."""
    page.evaluate("document.body.append(Object.assign(document.createElement('textarea'), {id: 'pasted'}))")
    page.focus("#pasted")
    page.keyboard.press("Control+V")
    text = page.input_value("#pasted")
    page.evaluate("document.getElementById('pasted').remove()")
    return text
