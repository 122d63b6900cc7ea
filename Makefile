# Two commands matter: `make run` and `make test`. The others are their parts.

GO ?= go
export CGO_ENABLED = 0

.PHONY: run build test check unit race browser generate generated tools

run: ## the demo on the embedded database, at http://127.0.0.1:8420
	$(GO) run ./cmd/bailiwick demo

build: ## bin/bailiwick, one static binary
	$(GO) build -trimpath -ldflags="-s -w" -o bin/bailiwick ./cmd/bailiwick

test: tools check generated race ## everything, on both engines and in a real browser

tools: ## PostgreSQL, Chromium and Node: installed on Debian, asked for elsewhere
	@scripts/tools.sh

check: ## format, vet, staticcheck, known vulnerabilities
	@scripts/check.sh

unit: ## the ordinary loop: no browser
	$(GO) test $$($(GO) list ./... | grep -v /test/browser)

race: ## all tests with the race detector, which needs a C compiler
	CGO_ENABLED=1 $(GO) test -race -timeout 20m $$($(GO) list ./... | grep -v -e /test/browser -e /test/matrix)
	$(GO) test -timeout 20m -v ./test/matrix/... | scripts/closing.sh
	$(GO) test -count=1 -timeout 20m ./test/browser/...

browser: ## only the browser tests
	$(GO) test -count=1 -v ./test/browser/...

generate: ## style, script, icons, pages and docs/permissions.md anew; needs Node
	web/build.sh

generated: ## what is generated must be what is committed
	@scripts/generated.sh
