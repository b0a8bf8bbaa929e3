"""The way in and out: a Jekyll root of Markdown files with front matter."""
