# Runs PostgreSQL in directory $1 from binaries $2 until nobody has held the
# lock "users" for a while, then removes its data. The test processes hold that
# lock shared; the kernel takes it from them however they end.
set -eu
umask 077
cd "$1"
exec 8>>server 9>>users
flock -n -x 8 # one server a directory

rm -rf data
"$2/initdb" -D data -U bailiwick --auth=trust --encoding=UTF8 --locale=C --no-sync >log 2>&1
"$2/postgres" -D data -k "$1" -c listen_addresses= -c max_connections=300 \
  -c fsync=off -c full_page_writes=off -c synchronous_commit=off \
  -c wal_level=minimal -c max_wal_senders=0 -c max_wal_size=1GB \
  -c shared_buffers=64MB -c autovacuum=off >>log 2>&1 8>&- 9>&- &
server=$!

while kill -0 $server 2>/dev/null; do
  flock -x 9
  flock -u 9
  sleep 5
  if flock -n -x 9; then
    kill -QUIT $server 2>/dev/null || :
    break
  fi
done
wait $server || :
rm -rf data
