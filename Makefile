# Two commands matter: `make run` and `make test`. The others are their parts.

GO ?= go
export CGO_ENABLED = 0
# Pages and routes are much generated and generic code. Without inlining it
# compiles in a quarter of the time and the program is 4 MB smaller; pages and
# answers take as long. What runs once for a request of a person, and never in a
# loop over the vault, is spared it too.
PLAIN = bailiwick/internal/web/... bailiwick/internal/api bailiwick/internal/cli bailiwick/internal/demo bailiwick/internal/people bailiwick/internal/org bailiwick/internal/mail bailiwick/internal/kb/... bailiwick/internal/access bailiwick/internal/extlink bailiwick/internal/backup bailiwick/internal/ops bailiwick/internal/factor bailiwick/sdk \
	github.com/danielgtaylor/huma/... github.com/alecthomas/kong github.com/go-webauthn/... github.com/google/go-tpm/... github.com/fxamacker/cbor/... github.com/golang-jwt/... github.com/wneessen/go-mail/... \
	github.com/makiuchi-d/gozxing/... github.com/godbus/dbus/... github.com/microcosm-cc/bluemonday/... github.com/yuin/goldmark/... golang.org/x/net/... html/template text/template github.com/tobischo/gokeepasslib/... github.com/go-viper/mapstructure/... \
	bailiwick/internal/foreign bailiwick/internal/exporter bailiwick/internal/brand bailiwick/internal/session github.com/klauspost/compress/zstd/... encoding/xml net/textproto mime/multipart net/mail github.com/boombuler/barcode/... \
	filippo.io/age/... github.com/zalando/go-keyring github.com/tinylib/msgp/... github.com/gofrs/uuid/... go.jetify.com/... crypto/x509/...
export GOFLAGS += $(foreach p,$(PLAIN),-gcflags=$(p)=-l)

.PHONY: run build test check unit race browser generate generated tools reproducible fuzz mutation fault bench

run: ## the demo on the embedded database, at http://127.0.0.1:8420
	$(GO) run ./cmd/bailiwick demo

build: ## bin/bailiwick, one static binary
	$(GO) build -trimpath -buildvcs=false -ldflags="-s -w -buildid=" -o bin/bailiwick ./cmd/bailiwick

test: tools check reproducible generated race browser ## everything, on both engines and in a real browser

tools: ## PostgreSQL, Chromium and Node: installed on Debian, asked for elsewhere
	@scripts/tools.sh

check: ## format, vet, staticcheck, the rules of docs/security.md, gosec, known vulnerabilities
	@scripts/check.sh

reproducible: ## two builds from two directories have the same bytes
	@scripts/reproducible.sh

fuzz: ## each fuzz target for FUZZTIME (20s), ten minutes in all; ONLY=Row takes some
	@scripts/fuzz.sh

mutation: ## each small change of the code that decides must fail a test; 1,200 changes, 20 minutes on two cores
	$(GO) run ./test/mutation

# Packages that drive a real browser.
BROWSER = ./test/browser/... ./internal/web/ui/showcase
# Packages whose long loops are run without the race detector: the same code
# runs under it in the others.
LONG = ./test/matrix ./test/tamper ./test/fault
SHORT = $$($(GO) list ./... | grep -v -e /test/browser -e /ui/showcase -e /test/matrix -e /test/tamper -e /test/fault)

unit: ## the ordinary loop: no browser
	$(GO) test $(SHORT) $(LONG)

# SQLite translated from C and the slow hash are not watched: the detector makes
# them ten times slower, and looks for races of ours. No package with generic
# code may stand here: the linker keeps one of its copies for all who use it.
UNWATCHED = -gcflags=modernc.org/sqlite/lib=-race=false -gcflags=golang.org/x/crypto/argon2=-race=false -gcflags=golang.org/x/crypto/blake2b=-race=false

race: ## everything but the browser, the race detector on (it needs a C compiler)
	CGO_ENABLED=1 GOFLAGS="$(GOFLAGS) $(UNWATCHED)" $(GO) test -race -timeout 30m $(SHORT)
	$(GO) test -count=1 -run AnsweredAlike ./internal/web
	$(GO) test -timeout 45m -v -run . $(LONG) > .matrix.log; s=$$?; scripts/closing.sh < .matrix.log; rm -f .matrix.log; exit $$s

fault: tools ## the long form of test/fault: 10,000 kills, every system call; hours
	$(GO) test -count=1 -timeout 24h -v -run . ./test/fault -long -kills 10000 -answers 10000 -failures 1 -losses 100

bench: tools ## what everything costs beside its bare limit, within 15 minutes; writes bench/README.md
	$(GO) run ./bench

browser: ## the browser tests
	$(GO) test -count=1 -timeout 30m $(BROWSER)

generate: ## style, script, icons, pages and docs/permissions.md anew; needs Node
	web/build.sh

generated: ## what is generated must be what is committed
	@scripts/generated.sh
