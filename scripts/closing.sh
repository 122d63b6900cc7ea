#!/bin/sh
# Shows the tables and closings of a verbose test run, not each cell.
set -eu
status=$(mktemp)
trap 'rm -f "$status"' EXIT
awk -v s="$status" '
	/^--- FAIL|^FAIL|panic:/ { bad = 1 }
	/^(ok|FAIL|---)|^ +--- FAIL|_test\.go:[0-9]+:/ { print }
	END { print bad + 0 > s }'
[ "$(cat "$status")" = 0 ]
