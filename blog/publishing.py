"""The name under which scripts, the shell and other apps import what saves an article. It is an interface and stays."""

from blog.editing.saving import PathTaken, StaleVersion, save_post

__all__ = ["PathTaken", "StaleVersion", "save_post"]
