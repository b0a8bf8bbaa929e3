"""The widths that pictures are shown in."""

RENDITION_WIDTHS = (480, 800, 1200, 1600)
SHARE_WIDTH = 1200  # what social networks show at most


def height_at(width: int, full_width: int, full_height: int) -> int:
    """The height of a rendition of the width."""
    return max(1, round(full_height * width / full_width))
