#!/bin/sh
# Sees to what the tests need besides Go. On Debian it installs what is
# missing; elsewhere it says what to install.
set -eu

missing=
have() { command -v "$1" >/dev/null 2>&1; }
postgres() { ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || have initdb || [ -n "${BAILIWICK_TEST_POSTGRES:-}" ]; }

postgres || missing="$missing postgresql"
have chromium || have chromium-browser || have google-chrome || missing="$missing chromium"
have gcc || have cc || missing="$missing gcc libc6-dev"
have strace || missing="$missing strace"
have mkfs.ext4 || [ -x /sbin/mkfs.ext4 ] || missing="$missing e2fsprogs mount"
have keepassxc-cli || missing="$missing keepassxc"
have node || missing="$missing nodejs npm"
have oathtool || missing="$missing oathtool"
[ -z "$missing" ] && exit 0

if [ -r /etc/debian_version ] && have apt-get; then
	echo "Installing:$missing"
	sudo=
	[ "$(id -u)" = 0 ] || sudo=sudo
	export DEBIAN_FRONTEND=noninteractive
	$sudo apt-get update -qq
	# The tests start their own PostgreSQL; the packaged service is not wanted.
	$sudo apt-get install -y -qq --no-install-recommends $missing >/dev/null
	exit 0
fi
echo "Please install what is missing and try again:$missing" >&2
echo "(PostgreSQL 15 or later, Chromium, keepassxc-cli, a C compiler for the race detector, strace and e2fsprogs on Linux for test/fault, oathtool for one-time codes, Node 20 with npm.)" >&2
exit 1
