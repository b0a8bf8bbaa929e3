"""Ends the stored pages when a row changes that stands on pages of others. Articles: see `blog.editing.saving`."""

from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models.signals import ModelSignal, post_delete, post_save, pre_delete
from django.dispatch import receiver

from blog.delivery.generation import touch
from blog.delivery.purging import purge_page
from blog.models import Author, Category, FrontPick, Image, Page, Permalink, Tag, TagGroup

SHOWN_WITH_A_POST = (Author, Image, Tag)  # a new one stands nowhere yet


# Only these models: a receiver makes a deletion load the rows first.
@receiver([post_save, post_delete], sender=Author)
@receiver([post_save, post_delete], sender=Category)
@receiver([post_save, post_delete], sender=FrontPick)
@receiver([post_save, post_delete], sender=Image)
@receiver([post_save, post_delete], sender=Page)
@receiver([post_save, post_delete], sender=Permalink)
@receiver([post_save, post_delete], sender=Tag)
@receiver([post_save, post_delete], sender=TagGroup)
def touch_row(instance: Any, signal: ModelSignal, **kwargs: Any) -> None:
    if kwargs.get("created") and isinstance(instance, SHOWN_WITH_A_POST):
        return
    is_page = isinstance(instance, Page)
    if is_page and not (instance.is_published or instance.was_published):
        return
    is_gone = signal is post_delete or (is_page and not instance.is_published)
    with transaction.atomic():  # a row that is saved by itself has none
        if is_page:
            purge_page(instance.path)
        touch(withdraws=is_gone and isinstance(instance, (Author, Category, Image, Page, Tag)))


@receiver(pre_delete, sender=User)
def touch_byline(instance: User, **kwargs: Any) -> None:
    """The database clears the link of the author without a save; a byline without an account is no person."""
    if Author.objects.filter(user=instance).exists():
        with transaction.atomic():
            touch()
