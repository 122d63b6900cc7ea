#!/bin/sh
# Makes everything generated anew and fails if that differs from what is
# committed.
set -eu
web/build.sh >/dev/null
changed=$(git status --porcelain -- internal/web docs/permissions.md | grep -v '^??' || true)
if [ -n "$changed" ]; then
	echo "generated files are not current; run make generate and commit:"
	echo "$changed"
	exit 1
fi
echo "generated files: current"
