"""The checks whose findings block publication."""

from blog.text.desk.errors.completeness import cut, empty_body, empty_excerpt
from blog.text.desk.errors.links import links
from blog.text.desk.errors.markers import marker
from blog.text.desk.errors.repeats import repeat
from blog.text.desk.errors.unclosed import fence

CHECKS = (marker, fence, cut, repeat, links, empty_body, empty_excerpt)

__all__ = ["CHECKS"]
