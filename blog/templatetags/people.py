"""The names of users at the desk."""

from django import template

from blog.models.history import display_name

register = template.Library()

register.filter("display_name", display_name)
