"""Addresses of our own pages."""

from django import template

from blog import addresses

register = template.Library()


@register.filter
def absolute(path: str) -> str:
    """The address of a path of ours as other sites and programs need it."""
    return addresses.absolute_url(path)
