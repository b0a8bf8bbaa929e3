"""How pages of the desk call a user."""

from django import template

from blog.models.history import display_name

register = template.Library()

register.filter("display_name", display_name)
