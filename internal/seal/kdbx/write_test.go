package kdbx

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"strings"

	"golang.org/x/crypto/chacha20"
	"golang.org/x/crypto/twofish" //lint:ignore SA1019 files that use it are read

	"bailiwick/internal/seal"
)

// made is a database as the tests write it: the smallest key derivation that
// there may be, the same bytes each time.
type made struct {
	major           uint16
	kdf, cipher     string
	memory, passes  uint64
	rounds          uint64
	lanes           uint32
	plain           bool // not compressed
	passphrase, xml string
	change          func(name string, b []byte) []byte // of the parts before they are put together
	attachment      int
	keyFile         []byte
	streamID        uint32
}

func fixed(n int, of byte) []byte { return bytes.Repeat([]byte{of}, n) }

func (m made) part(name string, b []byte) []byte {
	if m.change != nil {
		return m.change(name, b)
	}
	return b
}

func le32(n uint32) []byte { return binary.LittleEndian.AppendUint32(nil, n) }
func le64(n uint64) []byte { return binary.LittleEndian.AppendUint64(nil, n) }

func (m made) dictionary() []byte {
	var b bytes.Buffer
	b.Write([]byte{0, 1})
	item := func(kind byte, name string, v []byte) {
		b.WriteByte(kind)
		b.Write(le32(uint32(len(name))))
		b.WriteString(name)
		b.Write(le32(uint32(len(v))))
		b.Write(v)
	}
	item(0x42, "$UUID", []byte(m.kdf))
	item(0x42, "S", fixed(32, 7))
	if m.kdf == argonD || m.kdf == argonID {
		item(4, "P", le32(m.lanes))
		item(5, "M", le64(m.memory))
		item(5, "I", le64(m.passes))
		item(4, "V", le32(0x13))
	} else {
		item(5, "R", le64(m.rounds))
	}
	b.WriteByte(0)
	return b.Bytes()
}

// bytes writes the database. <P>…</P> in the XML stands for a hidden value.
func (m made) bytes() []byte {
	iv := fixed(16, 3)
	if m.cipher == cipherChaCha {
		iv = iv[:12]
	}
	var head bytes.Buffer
	head.WriteString("\x03\xd9\xa2\x9a\x67\xfb\x4b\xb5")
	head.Write([]byte{0, 0, byte(m.major), byte(m.major >> 8)})
	if m.major == 3 {
		head.Bytes()[8] = 1
	}
	field := func(id byte, v []byte) {
		v = m.part(fmt.Sprint("header ", id), v)
		head.WriteByte(id)
		if m.major == 3 {
			head.Write([]byte{byte(len(v)), byte(len(v) >> 8)})
		} else {
			head.Write(le32(uint32(len(v))))
		}
		head.Write(v)
	}
	zip := uint32(1)
	if m.plain {
		zip = 0
	}
	field(2, []byte(m.cipher))
	field(3, le32(zip))
	field(4, fixed(32, 1))
	field(7, iv)
	h := &header{kdf: kdf{id: m.kdf, salt: fixed(32, 7), rounds: m.rounds, memory: m.memory, passes: m.passes, lanes: m.lanes}}
	if m.major == 3 {
		field(5, fixed(32, 7))
		field(6, le64(m.rounds))
		field(8, fixed(32, 5))
		field(9, fixed(32, 9))
		field(10, le32(m.streamID))
	} else {
		field(11, m.dictionary())
	}
	field(0, []byte("\r\n\r\n"))

	key, err := h.transform(context.Background(), composite(Credentials{Passphrase: seal.NewSecret(m.passphrase), KeyFile: m.keyFile}))
	if err != nil {
		panic(err)
	}
	master := sha256.Sum256(append(fixed(32, 1), key...))
	inner := fixed(32, 5)
	if m.major == 4 {
		inner = fixed(64, 5)
	}
	stream, err := newStream(m.streamID, inner)
	if err != nil {
		panic(err)
	}
	text := m.xml
	for {
		before, rest, ok := strings.Cut(text, "<P>")
		if !ok {
			break
		}
		v, after, _ := strings.Cut(rest, "</P>")
		hidden := make([]byte, len(v))
		stream.XORKeyStream(hidden, []byte(v))
		text = before + base64.StdEncoding.EncodeToString(hidden) + after
	}
	var content bytes.Buffer
	if m.major == 4 {
		entry := func(id byte, v []byte) { content.WriteByte(id); content.Write(le32(uint32(len(v)))); content.Write(v) }
		entry(1, le32(m.streamID))
		entry(2, inner)
		if m.attachment > 0 {
			entry(3, fixed(m.attachment, 0))
		}
		entry(0, nil)
	}
	content.WriteString(text)
	plain := m.part("content", content.Bytes())
	if !m.plain {
		var packed bytes.Buffer
		w := gzip.NewWriter(&packed)
		_, _ = w.Write(plain)
		_ = w.Close()
		plain = m.part("packed", packed.Bytes())
	}
	if m.major == 3 {
		sum := sha256.Sum256(plain)
		blocks := append(append(append(le32(0), sum[:]...), le32(uint32(len(plain)))...), plain...)
		blocks = append(append(append(blocks, le32(1)...), fixed(32, 0)...), le32(0)...)
		return append(head.Bytes(), encrypt(m.cipher, master[:], iv, append(fixed(32, 9), m.part("blocks", blocks)...))...)
	}
	base := sha512.Sum512(append(append(fixed(32, 1), key...), 1))
	mac := func(n uint64, parts ...[]byte) []byte {
		h := hmac.New(sha256.New, blockKey(base[:], n))
		for _, p := range parts {
			h.Write(p)
		}
		return h.Sum(nil)
	}
	out := bytes.Clone(head.Bytes())
	sum := sha256.Sum256(out)
	out = append(append(out, sum[:]...), mac(^uint64(0), head.Bytes())...)
	secret := encrypt(m.cipher, master[:], iv, plain)
	for n, piece := range [][]byte{secret, nil} {
		size := le32(uint32(len(piece)))
		out = append(append(append(out, mac(uint64(n), le64(uint64(n)), size, piece)...), size...), piece...)
	}
	return out
}

func encrypt(id string, key, iv, b []byte) []byte {
	if id == cipherChaCha {
		s, err := chacha20.NewUnauthenticatedCipher(key, iv)
		if err != nil {
			panic(err)
		}
		out := make([]byte, len(b))
		s.XORKeyStream(out, b)
		return out
	}
	var block cipher.Block
	var err error
	if id == cipherTwofish {
		block, err = twofish.NewCipher(key)
	} else {
		block, err = aes.NewCipher(key)
	}
	if err != nil {
		panic(err)
	}
	pad := 16 - len(b)%16
	b = append(bytes.Clone(b), fixed(pad, byte(pad))...)
	cipher.NewCBCEncrypter(block, iv).CryptBlocks(b, b)
	return b
}
