"""The page: everything a reader sees in a browser. Nothing here depends on who is asking."""
