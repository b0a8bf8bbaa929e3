#!/bin/sh
# What the container `backups` does: a backup as soon as the newest is a day old, however often the container is made anew.
# It asks every hour. What failed is tried again then, and until that a mark beside the backups makes it unhealthy. So does
# a backup that was made with trouble (3); made anew each hour it would only fill the disk.
folder=/srv/allforces/backups

run() {
    python manage.py "$@"
    status=$?
    rm -f "$folder/$1.failed" "$folder/$1-trouble.failed"
    case $status in
        0) ;;
        3) touch "$folder/$1-trouble.failed" ;;
        *) touch "$folder/$1.failed" ;;
    esac
}

while :; do
    newest=$(find $folder -maxdepth 1 -name '*.json' -mmin -1440)
    if [ -z "$newest" ] || [ -e $folder/tidy.failed ]; then run tidy -v0; fi
    if [ -z "$newest" ] || [ -e $folder/backup.failed ]; then run backup $folder; fi
    sleep 3600
done
