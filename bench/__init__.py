"""Measures the cost of pages as a multiple of a Django view that does nothing: `python -m bench --help`."""
