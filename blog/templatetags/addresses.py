"""Addresses of our own pages."""

from typing import Any

from django import template

from blog import addresses

register = template.Library()


@register.simple_tag
def address(name: str, *args: Any) -> str:
    """Does what `{% url %}` does with `blog:` before the name, but caches: every page links to the same ten."""
    return addresses.address(name, *args)


@register.filter
def absolute(path: str) -> str:
    """The address of a path of ours as other sites and programs need it."""
    return addresses.absolute_url(path)
