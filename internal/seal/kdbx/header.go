package kdbx

import (
	"encoding/binary"
	"io"
)

// header is what stands in the clear at the start.
type header struct {
	raw       []byte
	major     int
	cipher    string // its id
	gzip      bool
	seed, iv  []byte
	start     []byte // version 3: what the plain text begins with
	streamID  uint32
	streamKey []byte
	kdf       kdf
}

// kdf is how the key is derived.
type kdf struct {
	id                 string
	salt               []byte
	rounds             uint64 // of AES
	memory, passes     uint64 // of Argon2
	lanes, version     uint32
	secret, associated []byte
	hasSalt, hasRounds bool
}

func readHeader(r io.Reader) (*header, error) {
	h := &header{}
	var sign [12]byte
	if err := h.read(r, sign[:]); err != nil {
		return nil, err
	}
	if !Is(sign[:]) {
		return nil, ErrFormat
	}
	h.major = int(binary.LittleEndian.Uint16(sign[10:]))
	if h.major != 3 && h.major != 4 {
		return nil, ErrVersion
	}
	for {
		var head [5]byte
		width := 3
		if h.major == 4 {
			width = 5
		}
		if err := h.read(r, head[:width]); err != nil {
			return nil, err
		}
		size := uint32(binary.LittleEndian.Uint16(head[1:3]))
		if h.major == 4 {
			size = binary.LittleEndian.Uint32(head[1:5])
		}
		if int64(len(h.raw))+int64(size) > mostHeader {
			return nil, ErrFormat
		}
		data := make([]byte, size)
		if err := h.read(r, data); err != nil {
			return nil, err
		}
		if head[0] == 0 {
			return h, h.check()
		}
		if err := h.field(head[0], data); err != nil {
			return nil, err
		}
	}
}

func (h *header) read(r io.Reader, b []byte) error {
	if _, err := io.ReadFull(r, b); err != nil {
		return readError(err)
	}
	h.raw = append(h.raw, b...)
	return nil
}

func (h *header) field(id byte, data []byte) error {
	number := func() uint32 {
		if len(data) == 4 {
			return binary.LittleEndian.Uint32(data)
		}
		return 1 << 31 // nothing that is known
	}
	switch id {
	case 2:
		h.cipher = string(data)
	case 3:
		switch number() {
		case 0:
		case 1:
			h.gzip = true
		default:
			return ErrFormat
		}
	case 4:
		h.seed = data
	case 5:
		h.kdf.salt, h.kdf.hasSalt = data, true
	case 6:
		if len(data) != 8 {
			return ErrFormat
		}
		h.kdf.id, h.kdf.rounds, h.kdf.hasRounds = aesKDF, binary.LittleEndian.Uint64(data), true
	case 7:
		h.iv = data
	case 8:
		h.streamKey = data
	case 9:
		h.start = data
	case 10:
		h.streamID = number()
	case 11:
		return h.kdf.read(data)
	}
	return nil
}

func (h *header) check() error {
	if len(h.seed) != 32 || !h.kdf.hasSalt || h.major == 3 && (len(h.start) != 32 || !h.kdf.hasRounds) {
		return ErrFormat
	}
	return h.kdf.check()
}
