#!/bin/sh
# Builds everything that the server embeds: icons, style sheet, script, fonts,
# and the Go code of the pages; and docs/permissions.md. Its output is
# committed, so that go build needs no Node. Run it through "make generate".
set -eu
cd "$(dirname "$0")"
dist=../internal/web/static/dist

if [ "${1:-}" != quick ]; then
	npm ci --loglevel=error --no-audit --no-fund
fi
mkdir -p "$dist"

node icons.mjs
cp node_modules/lucide-static/LICENSE ../internal/web/ui/icon/LICENCE.lucide
cp node_modules/htmx.org/dist/htmx.min.js "$dist/htmx.min.js"
cp ../internal/password/words.txt "$dist/words.txt"
cp node_modules/axe-core/axe.min.js ../test/browser/chrome/axe.min.js

inter=node_modules/@fontsource-variable/inter
mono=node_modules/@fontsource/jetbrains-mono
cp "$inter/files/inter-latin-wght-normal.woff2" "$dist/inter-latin.woff2"
cp "$inter/files/inter-latin-ext-wght-normal.woff2" "$dist/inter-latin-ext.woff2"
cp "$inter/LICENSE" "$dist/inter.licence"
cp "$mono/files/jetbrains-mono-latin-400-normal.woff2" "$dist/mono-latin.woff2"
cp "$mono/files/jetbrains-mono-latin-ext-400-normal.woff2" "$dist/mono-latin-ext.woff2"
cp "$mono/LICENSE" "$dist/mono.licence"

(cd .. && go tool templ generate -path internal/web)
gofmt -w ../internal/web/ui/icon/shapes.go

npx --no-install tailwindcss --input src/css/app.css --output "$dist/app.css" --minify
npx --no-install esbuild src/css/kb.css --minify --log-level=warning --outfile="$dist/kb.css"
npx --no-install esbuild src/main.js --bundle --minify --target=es2022 --format=iife \
	--legal-comments=none --log-level=warning --outfile="$dist/app.js"
npx --no-install esbuild src/generator.js --bundle --minify --target=es2022 --format=esm \
	--legal-comments=none --log-level=warning --outfile="$dist/generator.js"

(cd .. && go run ./internal/permdoc docs/permissions.md)
