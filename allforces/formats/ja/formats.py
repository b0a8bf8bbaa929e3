"""How the desk writes what Django would write in another way."""

DATETIME_FORMAT = "Y年n月j日 H:i"  # Django leaves no space before the time
