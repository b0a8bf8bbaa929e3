"""The public interface for saving an article. Scripts, the shell and other apps import it from here, so it stays."""

from blog.editing.saving import PathTaken, StaleVersion, save_post

__all__ = ["PathTaken", "StaleVersion", "save_post"]
