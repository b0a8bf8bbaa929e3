"""The drill on the database that DATABASE_URL names, which must be empty: `python -m tests.drill.run PAIRS`."""

import sys

import django
from django.core.management import call_command

if __name__ == "__main__":
    django.setup()
    call_command("migrate", verbosity=0)
    from tests.drill.saves import drill

    tally = drill(int(sys.argv[1]))
    print(tally)
    sys.exit(not tally.is_clean)
