package kb

import (
	"bytes"
	"encoding/binary"
	"image"
	_ "image/gif"  // a picture that articles show
	_ "image/jpeg" // another one
	_ "image/png"  // another one
)

// largestSide bounds what a browser is asked to unpack.
const largestSide = 10_000

// kindOf says what a file is, by what is in it. A picture is one of four raster
// formats whose beginning can be read; everything else is bytes, whatever its
// name says: neither SVG nor HTML is ever shown within a page.
func kindOf(data []byte) (kind string, picture bool) {
	if w, h, ok := webp(data); ok && fitting(w, h) {
		return "image/webp", true
	}
	c, format, err := image.DecodeConfig(bytes.NewReader(data))
	if err == nil && fitting(c.Width, c.Height) {
		return "image/" + format, true
	}
	return "application/octet-stream", false
}

func fitting(w, h int) bool { return w > 0 && h > 0 && w <= largestSide && h <= largestSide }

// webp reads the sizes of a WebP picture (RFC 9649): of its first chunk.
func webp(data []byte) (w, h int, ok bool) {
	if len(data) < 30 || string(data[:4]) != "RIFF" || string(data[8:12]) != "WEBP" || int(binary.LittleEndian.Uint32(data[4:])) > len(data)-8+1 {
		return 0, 0, false
	}
	switch chunk := data[12:16]; string(chunk) {
	case "VP8 ":
		if data[23] != 0x9d || data[24] != 0x01 || data[25] != 0x2a {
			return 0, 0, false
		}
		return int(binary.LittleEndian.Uint16(data[26:]) & 0x3fff), int(binary.LittleEndian.Uint16(data[28:]) & 0x3fff), true
	case "VP8L":
		if data[20] != 0x2f {
			return 0, 0, false
		}
		bits := binary.LittleEndian.Uint32(data[21:])
		return int(bits&0x3fff) + 1, int(bits>>14&0x3fff) + 1, true
	case "VP8X":
		three := func(at int) int { return int(data[at]) | int(data[at+1])<<8 | int(data[at+2])<<16 }
		return three(24) + 1, three(27) + 1, true
	}
	return 0, 0, false
}
