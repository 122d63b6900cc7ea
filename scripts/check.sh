#!/bin/sh
# Static checks. Each prints what it found; any finding fails.
set -eu
GO=${GO:-go}
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT

unformatted=$(git ls-files '*.go' | grep -v '_templ\.go$' | xargs gofmt -l)
if [ -n "$unformatted" ]; then
	echo "not gofmt'ed:"; echo "$unformatted"; exit 1
fi
echo "gofmt: clean"
$GO vet ./...
echo "vet: clean"
$GO tool staticcheck ./...
echo "staticcheck: clean"

# The rules of docs/security.md that can be read off the source.
$GO build -o "$here/lint" ./internal/lint
$GO vet -vettool="$here/lint" ./...
echo "rules: clean"

# What is left out of gosec, and why. Single places carry a #nosec with its
# reason; -track-suppressions would list them.
#   G104 ignored errors: what remains are Close after another failure, and
#        writes to an answer whose reader has gone or to a hash.
#   G115 narrowing of integers: lengths of what is held in memory, and the two's
#        complement of the frozen formats, which are fuzzed.
#   G304 files by variable: only the operator names files; internal/lint keeps
#        os.Open and the like out of everything that serves requests.
#   G117 secrets in JSON: opaque types give [secret] there; what is not opaque is
#        marshalled only to be sealed, and canaries show that nothing comes out.
#   Low confidence: names that contain "password" or "token", taken for one.
# Tests and measurements start programs and read files as they please.
$GO run github.com/securego/gosec/v2/cmd/gosec@v2.29.0 -quiet -exclude-generated -confidence=medium -exclude=G104,G115,G117,G304 \
	-exclude-dir=third_party -exclude-dir=test -exclude-dir=bench -exclude-dir=internal/apptest -exclude-dir=internal/db/dbtest ./... >"$here/gosec" 2>&1 ||
	{ cat "$here/gosec"; exit 1; }
echo "gosec: clean"

# The vulnerability database is on the network. Where it can't be reached this
# says so and goes on: the check is of the world's state, not of this change's.
out=$($GO run golang.org/x/vuln/cmd/govulncheck@v1.8.0 ./... 2>&1) && { echo "govulncheck: clean"; exit 0; }
case "$out" in
*"vuln.go.dev"*"no such host"* | *"vuln.go.dev"*"dial tcp"* | *"vuln.go.dev"*"connection"* | *"vuln.go.dev"*"timeout"*)
	echo "govulncheck: NOT CHECKED, its database can't be reached from here" ;;
*)
	echo "$out"; exit 1 ;;
esac
