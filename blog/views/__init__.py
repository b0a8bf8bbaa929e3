"""The page: everything that readers see in a browser. No view depends on the user."""
