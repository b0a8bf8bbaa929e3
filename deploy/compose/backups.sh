#!/bin/sh
# What the container `backups` does: it asks every hour whether the last backup is a day old, however often it is made anew.
# A backup that fails is tried again an hour later.
while :; do
    if [ -z "$(find "$DATA_DIR" -maxdepth 1 -name last-backup -mmin -1440)" ]; then
        python manage.py tidy -v0
        deploy/backup
    fi
    sleep 3600
done
