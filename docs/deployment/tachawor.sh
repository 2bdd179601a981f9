#!/bin/sh
# Commands of Tachawor with the service's settings, secret and user. As root: copy to /usr/local/sbin/tachawor, mode 0755;
# then `tachawor staff link --name NAME`, `tachawor check`, `tachawor backup /srv/backups/2026-11-28`.
set -eu
set -a
. /etc/tachawor/secrets
set +a
umask 077
cd /var/lib/tachawor
HOME=/var/lib/tachawor exec setpriv --reuid=tachawor --regid=tachawor --init-groups \
    /opt/tachawor/.venv/bin/tachawor --config /etc/tachawor/config.toml "$@"
