#!/bin/sh
# Runs each fuzz target for a while (FUZZTIME, 20s unless told), one after the
# other. What fails is kept by go test in testdata/fuzz and is a test from then
# on. `scripts/fuzz.sh keep` also adds to each target's committed corpus, up to
# a dozen short inputs that reached something new.
set -eu
GO=${GO:-go}
time=${FUZZTIME:-20s}
cache=$($GO env GOCACHE)/fuzz
module=$($GO list -m)

for file in $(git ls-files --cached --others --exclude-standard '*_test.go'); do
	[ -e "$file" ] || continue
	dir=$(dirname "$file")
	for target in $(sed -n 's/^func \(Fuzz[A-Za-z0-9]*\)(.*/\1/p' "$file"); do
		case "$target" in *"${ONLY:-}"*) ;; *) continue ;; esac
		printf '%-22s %-20s ' "$dir" "$target"
		out=$($GO test -vet=off -run '^$' -fuzz "^$target\$" -fuzztime "$time" -parallel 2 "./$dir" 2>&1) || { echo FOUND; echo "$out"; exit 1; }
		echo "$(echo "$out" | sed -n 's/.*execs: \([0-9]*\).*/\1/p' | tail -1) inputs, nothing found"
		[ "${1:-}" = keep ] || continue
		mkdir -p "$dir/testdata/fuzz/$target"
		have=$(ls "$dir/testdata/fuzz/$target" | wc -l)
		for input in $(ls -Sr "$cache/$module/$dir/$target" 2>/dev/null); do
			[ "$have" -lt 12 ] || break
			[ "$(wc -c < "$cache/$module/$dir/$target/$input")" -lt 2000 ] || continue
			[ -e "$dir/testdata/fuzz/$target/$input" ] || { cp "$cache/$module/$dir/$target/$input" "$dir/testdata/fuzz/$target/"; have=$((have + 1)); }
		done
	done
done
