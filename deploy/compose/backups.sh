#!/bin/sh
# What the container `backups` does: a backup as soon as the newest is a day old, however often the container is made anew.
# It asks every hour. A backup that failed is tried again in the next, and /tmp/failed makes the container unhealthy.
while :; do
    if [ -z "$(find /srv/allforces/backups -maxdepth 1 -name '*.json' -mmin -1440)" ]; then
        failed=
        python manage.py tidy -v0 || failed=tidy
        python manage.py backup /srv/allforces/backups || failed=backup
        if [ "$failed" ]; then touch /tmp/failed; else rm -f /tmp/failed; fi
    fi
    sleep 3600
done
