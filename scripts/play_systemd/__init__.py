"""Plays the path of docs/operations.md without containers: in a folder, and (`make drill`) on a bare Debian."""
