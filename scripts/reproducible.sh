#!/bin/sh
# Builds the program twice, from two directories with different names, and
# demands the same bytes: so anybody can check that a release was made of this
# source and nothing else. Build with the flags of `make build`. The second
# build has a cache of its own: -trimpath takes the directory out of the key, so
# it would be given what the first one made.
set -eu
GO=${GO:-go}
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT

cache=$($GO env GOCACHE)
for n in one another-and-longer; do
	mkdir -p "$here/$n/src"
	# What is committed or new here; not what earlier builds left.
	git ls-files -z --cached --others --exclude-standard -- go.mod go.sum cmd internal sdk third_party |
		tar -cf - --null --ignore-failed-read -T - 2>/dev/null | tar -xf - -C "$here/$n/src"
	(cd "$here/$n/src" && GOCACHE="$cache" CGO_ENABLED=0 $GO build -trimpath -buildvcs=false -ldflags "-s -w -buildid=" -o "$here/$n/bailiwick" ./cmd/bailiwick)
	cache=$here/cache
done
cmp "$here/one/bailiwick" "$here/another-and-longer/bailiwick"
# A path of this machine in the program would differ elsewhere.
if grep -aq -e "$here" -e "$(pwd)/" "$here/one/bailiwick"; then
	echo "the program has paths of this machine in it"; exit 1
fi
echo "reproducible: $(sha256sum < "$here/one/bailiwick" | cut -d' ' -f1)"
