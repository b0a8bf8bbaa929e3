#!/bin/sh
# certbot runs this for each certificate that it gets (--deploy-hook): it puts the certificate where nginx reads it.
set -eu
cd "$(dirname "$0")/.."
install -d certificates
install -m 644 "$RENEWED_LINEAGE/fullchain.pem" certificates/
install -m 640 "$RENEWED_LINEAGE/privkey.pem" certificates/
chgrp 33 certificates/privkey.pem # www-data, as which nginx runs
running=$(docker compose ps --services --status running)
case $running in *proxy*) docker compose kill --signal HUP proxy ;; esac
