#!/bin/bash -eu
# What PostgreSQL's public image does, as far as it is used: the data folder at the first start, then the server.
[ "${1:0:1}" = - ] && set -- postgres "$@"
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  mkdir -p -m 700 "$PGDATA"
  # shellcheck disable=SC2086 - several options
  initdb -D "$PGDATA" -U postgres $POSTGRES_INITDB_ARGS -A trust --auth-host=scram-sha-256 --pwfile="$POSTGRES_PASSWORD_FILE"
  echo "host all all all scram-sha-256" >> "$PGDATA/pg_hba.conf"
fi
exec "$@" -D "$PGDATA" -c listen_addresses='*' -c unix_socket_directories=/var/run/postgresql
