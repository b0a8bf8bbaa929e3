"""Import and export of a Jekyll site: a folder of Markdown files with front matter."""
