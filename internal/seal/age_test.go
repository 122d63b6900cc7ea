package seal

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
)

func fileFor(t *testing.T, r Readers, content []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := EncryptFile(&b, r)
	if err == nil {
		_, err = w.Write(content)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func filePair(t *testing.T) (Openers, Readers) {
	t.Helper()
	secret, public, err := NewFileKey()
	if err != nil {
		t.Fatal(err)
	}
	o, err := ParseOpeners(strings.NewReader(secret.Reveal()))
	if err != nil {
		t.Fatal(err)
	}
	r, err := ParseReader(public)
	if err != nil {
		t.Fatal(err)
	}
	return o, r
}

func openFile(o Openers, file []byte) ([]byte, error) {
	r, err := DecryptFile(bytes.NewReader(file), o)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}

func TestFilesOpenForTheirReadersOnly(t *testing.T) {
	mine, me := filePair(t)
	hers, her := filePair(t)
	content := bytes.Repeat([]byte("sealed row "), 20_000) // several chunks of 64 KiB
	file := fileFor(t, me.And(her), content)
	for _, o := range []Openers{mine, hers} {
		if got, err := openFile(o, file); err != nil || !bytes.Equal(got, content) {
			t.Fatalf("%d bytes, %v", len(got), err)
		}
	}
	other, _ := filePair(t)
	if _, err := openFile(other, file); !errors.Is(err, ErrNotForUs) {
		t.Errorf("a stranger gets %v", err)
	}
	if _, err := EncryptFile(io.Discard, Readers{}); err == nil {
		t.Error("a file was encrypted to nobody")
	}
}

// Every cut, also at the end of a chunk, and every changed byte is refused.
func TestDamagedFiles(t *testing.T) {
	o, r := filePair(t)
	file := fileFor(t, r, bytes.Repeat([]byte{7}, 200_000))
	for _, n := range []int{0, 10, len(file) / 3, len(file) - 65_552 - 1, len(file) - 1} {
		if _, err := openFile(o, file[:n]); !errors.Is(err, ErrOpen) {
			t.Errorf("cut to %d: %v", n, err)
		}
	}
	for _, at := range []int{len(file) - 1, len(file) / 2, len(file) - 70_000} {
		bad := bytes.Clone(file)
		bad[at] ^= 1
		if _, err := openFile(o, bad); !errors.Is(err, ErrOpen) {
			t.Errorf("changed at %d: %v", at, err)
		}
	}
	if _, err := openFile(o, append(bytes.Clone(file), 0)); !errors.Is(err, ErrOpen) {
		t.Errorf("one byte more: %v", err)
	}
}

func TestPassphraseStandsAlone(t *testing.T) {
	phrase := NewSecret("quite some words for this")
	by, err := ByPassphrase(phrase)
	if err != nil {
		t.Fatal(err)
	}
	file := fileFor(t, by, []byte("content"))
	o, err := OpenersByPassphrase(phrase)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := openFile(o, file); err != nil || string(got) != "content" {
		t.Fatal(err)
	}
	wrong, err := OpenersByPassphrase(NewSecret("other words"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := openFile(wrong, file); !errors.Is(err, ErrNotForUs) {
		t.Errorf("a wrong passphrase gives %v", err)
	}
	_, r := filePair(t)
	if _, err := EncryptFile(io.Discard, by.And(r)); err == nil {
		t.Error("passphrase and public key went together")
	}
}

func TestReadersSayWhatIsWrong(t *testing.T) {
	secret, _, err := NewFileKey()
	if err != nil {
		t.Fatal(err)
	}
	line := strings.Split(secret.Reveal(), "\n")[2]
	for _, text := range []string{"", "age1nonsense", "ssh-ed25519 AAAA", line} {
		_, err := ParseReader(text)
		if err == nil || strings.Contains(err.Error(), "nonsense") || strings.Contains(err.Error(), line) {
			t.Errorf("%.20q: %v", text, err)
		}
	}
	if _, err := ParseOpeners(strings.NewReader("AGE-SECRET-KEY-1WRONG")); err == nil || strings.Contains(err.Error(), "WRONG") {
		t.Errorf("a bad secret key: %v", err)
	}
	o, _ := filePair(t)
	if s := fmt.Sprintf("%v %+v %#v", o, o, o); strings.Contains(s, "AGE") || !strings.Contains(s, "[secret]") {
		t.Errorf("printed: %s", s)
	}
}
