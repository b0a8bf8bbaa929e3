"""An editor who writes articles with pictures until the input ends, and says so after each save.

Run in the environment of a site: `python -m tests.drill.writing NAME`.
"""

import io
import sys
import threading

import django


def picture(number: int) -> bytes:
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (640, 360), (number % 256, number // 256 % 256, 90)).save(out, "PNG")
    return out.getvalue()


def main(name: str) -> None:
    from blog.pictures.renditions import make_renditions
    from blog.pictures.uploads import store_image
    from tests.factories import make_draft

    ended = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
    number = 0
    while not ended.is_set():
        number += 1
        image = store_image(picture(number), name=f"{number}.png", alt="一色の面")
        make_renditions(image)
        make_draft(f"{name}の記事{number}", slug=f"{name}-{number}", lead_image=image, tags=["訓練"])
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    django.setup()
    main(sys.argv[1])
