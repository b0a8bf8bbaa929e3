#!/bin/sh
# What the container `backups` does: a backup as soon as the newest is a day old, however often the container is made anew.
# It asks every hour. What failed is tried again then, and until that a mark beside the backups makes it unhealthy.
folder=/srv/allforces/backups

run() {
    if python manage.py "$@"; then rm -f "$folder/$1.failed"; else touch "$folder/$1.failed"; fi
}

while :; do
    newest=$(find $folder -maxdepth 1 -name '*.json' -mmin -1440)
    if [ -z "$newest" ] || [ -e $folder/tidy.failed ]; then run tidy -v0; fi
    if [ -z "$newest" ] || [ -e $folder/backup.failed ]; then run backup $folder; fi
    sleep 3600
done
