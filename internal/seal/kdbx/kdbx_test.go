package kdbx

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"flag"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"bailiwick/internal/seal"
)

var update = flag.Bool("update", false, "write the databases in testdata anew")

const xmlText = `<?xml version="1.0" encoding="utf-8" standalone="yes"?>
<KeePassFile><Meta><Generator>test</Generator></Meta><Root><Group><UUID>AAAAAAAAAAAAAAAAAAAAAQ==</UUID><Name>Root</Name>
<Entry><UUID>AAAAAAAAAAAAAAAAAAAAEQ==</UUID><String><Key>Title</Key><Value>Router</Value></String><String><Key>UserName</Key><Value>admin</Value></String>
<String><Key>Password</Key><Value Protected="True"><P>canary-one, Größe</P></Value></String><String><Key>Second</Key><Value Protected="True"><P>canary-two</P></Value></String></Entry>
</Group></Root></KeePassFile>`

// kinds are all versions, ciphers, key derivations and streams.
var kinds = map[string]made{
	"v3-aes":            {major: 3, kdf: aesKDF, cipher: cipherAES, rounds: 100, streamID: 2},
	"v3-twofish-plain":  {major: 3, kdf: aesKDF, cipher: cipherTwofish, rounds: 100, streamID: 2, plain: true},
	"v4-argon2d-chacha": {major: 4, kdf: argonD, cipher: cipherChaCha, memory: 64 << 10, passes: 2, lanes: 2, streamID: 3},
	"v4-argon2id-aes":   {major: 4, kdf: argonID, cipher: cipherAES, memory: 64 << 10, passes: 2, lanes: 1, streamID: 3, attachment: 1000},
	"v4-aes-twofish":    {major: 4, kdf: aesKDF4, cipher: cipherTwofish, rounds: 100, streamID: 2, plain: true},
}

func open(b []byte, passphrase string) (*Database, error) {
	return Open(context.Background(), iotest.HalfReader(bytes.NewReader(b)), Credentials{Passphrase: seal.NewSecret(passphrase)})
}

// The databases in testdata are frozen. KeePassXC, which shares no code with
// this, reads each of them, and so do we.
func TestOpensWhatKeePassXCOpens(t *testing.T) {
	for name, m := range kinds {
		t.Run(name, func(t *testing.T) {
			m.passphrase, m.xml = "correct horse", xmlText
			path := filepath.Join("testdata", name+".kdbx")
			if *update {
				if err := os.WriteFile(path, m.bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			b, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(b, m.bytes()) && m.plain { // compressed bytes may differ with Go's version
				t.Error("the test writes another database than the frozen one")
			}
			cmd := exec.Command("keepassxc-cli", "show", "-q", "-s", "-a", "Password", "-a", "Second", path, "Router")
			cmd.Stdin = strings.NewReader("correct horse\n")
			out, err := cmd.Output()
			if err != nil || string(out) != "canary-one, Größe\ncanary-two\n" {
				t.Errorf("KeePassXC says %q, %v", out, err)
			}
			db, err := open(b, "correct horse")
			if err != nil {
				t.Fatal(err)
			}
			text, err := io.ReadAll(db.XML)
			if err != nil {
				t.Fatal(err)
			}
			var hidden []string
			for _, part := range strings.Split(string(text), `Protected="True">`)[1:] {
				v, _, _ := strings.Cut(part, "<")
				raw, err := base64.StdEncoding.DecodeString(v)
				if err != nil {
					t.Fatal(err)
				}
				hidden = append(hidden, string(db.Unhide(raw)))
			}
			if got := strings.Join(hidden, "|"); got != "canary-one, Größe|canary-two" || db.Major != int(m.major) {
				t.Errorf("%q", got)
			}
			if _, err := open(b, "wrong horse"); !errors.Is(err, ErrKey) {
				t.Errorf("a wrong passphrase gives %v", err)
			}
		})
	}
}

// Every kind of key file, alone and with a passphrase.
func TestKeyFiles(t *testing.T) {
	raw := bytes.Repeat([]byte{0xab, 0x01}, 16)
	for name, f := range map[string]string{
		"32 bytes":   string(raw),
		"digits":     hex.EncodeToString(raw),
		"version 1":  "<KeyFile><Meta><Version>1.00</Version></Meta><Key><Data>" + base64.StdEncoding.EncodeToString(raw) + "</Data></Key></KeyFile>",
		"version 2":  "<?xml version=\"1.0\"?><KeyFile><Meta><Version>2.0</Version></Meta><Key><Data Hash=\"00000000\">\n " + hex.EncodeToString(raw[:16]) + "\n " + hex.EncodeToString(raw[16:]) + "\n</Data></Key></KeyFile>",
		"any file":   "a picture",
		"just 64 of": strings.Repeat("z", 64),
	} {
		if key := keyOfFile([]byte(f)); len(key) != 32 || (name != "any file" && name != "just 64 of") != bytes.Equal(key, raw) {
			t.Errorf("%s: %x", name, key)
		}
	}
	m := kinds["v4-aes-twofish"]
	m.keyFile, m.xml = []byte("a picture"), xmlText
	if _, err := Open(t.Context(), bytes.NewReader(m.bytes()), Credentials{KeyFile: []byte("a picture")}); err != nil {
		t.Error(err)
	}
	if _, err := Open(t.Context(), bytes.NewReader(m.bytes()), Credentials{Passphrase: seal.NewSecret("x"), KeyFile: []byte("a picture")}); !errors.Is(err, ErrKey) {
		t.Error(err)
	}
}

// What a hostile file asks for is refused before it costs anything.
func TestCostsAreBounded(t *testing.T) {
	argon := kinds["v4-argon2d-chacha"]
	for want, change := range map[error][]func(*kdf){
		ErrCost: {func(k *kdf) { k.memory = MostMemory + 1 }, func(k *kdf) { k.memory = 1 << 63 }, func(k *kdf) { k.passes = 1 << 62 }, func(k *kdf) { k.lanes = 65 },
			func(k *kdf) { k.id, k.rounds = aesKDF4, MostRounds+1 }, func(k *kdf) { k.memory, k.passes = MostMemory, MostWork/MostMemory+1 }},
		ErrFormat: {func(k *kdf) { k.memory = 0 }, func(k *kdf) { k.passes = 0 }, func(k *kdf) { k.lanes = 0 }, func(k *kdf) { k.salt = nil }, func(k *kdf) { k.id, k.salt = aesKDF4, []byte("short") }},
		ErrCipher: {func(k *kdf) { k.id = "other" }, func(k *kdf) { k.version = 0x10 }, func(k *kdf) { k.secret = []byte("x") }},
	} {
		for i, c := range change {
			k := kdf{id: argonD, salt: fixed(32, 7), memory: argon.memory, passes: 2, lanes: 2, version: 0x13}
			if err := k.check(); err != nil {
				t.Fatal(err)
			}
			if c(&k); !errors.Is(k.check(), want) {
				t.Errorf("%v %d: %v", want, i, k.check())
			}
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	long := kinds["v3-aes"]
	long.xml, long.rounds = xmlText, 100
	b := bytes.Replace(long.bytes(), append([]byte{6, 8, 0}, le64(100)...), append([]byte{6, 8, 0}, le64(MostRounds)...), 1)
	if _, err := Open(ctx, bytes.NewReader(b), Credentials{}); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled context gives %v", err)
	}
}

// A damaged file is one, whatever is damaged, and no version but 3 and 4 is
// taken.
func TestDamaged(t *testing.T) {
	for name, m := range kinds {
		m.xml = xmlText
		whole := m.bytes()
		for n := 0; n < len(whole); n += 7 {
			read(t, name, whole[:n])
			b := bytes.Clone(whole)
			b[n] ^= 0x10
			if kdfAt := bytes.Index(whole, le64(100)); m.rounds > 0 && n >= kdfAt && n < kdfAt+8 {
				continue // more rounds than a test has time for
			}
			if err := read(t, name, b); err == nil && m.major == 4 {
				t.Errorf("%s: byte %d was changed, and nobody saw it", name, n)
			}
		}
	}
	if _, err := open([]byte("\x03\xd9\xa2\x9a\x67\xfb\x4b\xb5\x00\x00\x05\x00"), ""); !errors.Is(err, ErrVersion) {
		t.Error(err)
	}
	if !IsOld([]byte("\x03\xd9\xa2\x9a\x65\xfb\x4b\xb5")) || Is([]byte("\x03\xd9\xa2\x9a\x65\xfb\x4b\xb5")) {
		t.Error("a KDB file is not told from KDBX")
	}
}

var ours = []error{ErrFormat, ErrVersion, ErrKey, ErrCost, ErrCipher, ErrLarge}

func read(t *testing.T, name string, b []byte) error {
	t.Helper()
	db, err := open(b, "")
	if err == nil {
		_, err = io.Copy(io.Discard, db.XML)
	}
	if err == nil {
		return nil
	}
	for _, known := range ours {
		if errors.Is(err, known) {
			return err
		}
	}
	t.Errorf("%s: %v is none of our errors", name, err)
	return err
}

// FuzzOpen: no file makes the reader panic, or give an error that is none of
// its own. The corpus has small key derivations.
func FuzzOpen(f *testing.F) {
	for _, m := range kinds {
		m.xml = xmlText
		f.Add(m.bytes())
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		h, err := readHeader(bytes.NewReader(b))
		if err == nil && (h.kdf.rounds > 1000 || h.kdf.memory > 1<<20 || h.kdf.passes > 10) {
			return // costly, and allowed
		}
		_ = read(t, "fuzz", b)
	})
}
