package otp

import (
	"bytes"
	"context"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/draw"
	"image/gif"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/qr"

	"bailiwick/internal/fault"
)

// screen is a picture of a screen with a QR code somewhere on it.
func screen(t *testing.T, text string) image.Image {
	t.Helper()
	code, err := qr.Encode(text, qr.M, qr.Auto)
	if err == nil {
		code, err = barcode.Scale(code, 240, 240)
	}
	if err != nil {
		t.Fatal(err)
	}
	all := image.NewRGBA(image.Rect(0, 0, 900, 600))
	draw.Draw(all, all.Bounds(), image.NewUniform(color.RGBA{40, 60, 90, 255}), image.Point{}, draw.Src)
	draw.Draw(all, image.Rect(300, 150, 580, 430), image.White, image.Point{}, draw.Src)
	draw.Draw(all, image.Rect(320, 170, 560, 410), code, image.Point{}, draw.Src)
	return all
}

func TestPicture(t *testing.T) {
	const text = "otpauth://totp/Acme:ada@example.com?secret=JBSWY3DPEHPK3PXP&issuer=Acme&algorithm=SHA256&digits=8&period=60"
	img := screen(t, text)
	for name, write := range map[string]func(*bytes.Buffer) error{
		"PNG":  func(b *bytes.Buffer) error { return png.Encode(b, img) },
		"JPEG": func(b *bytes.Buffer) error { return jpeg.Encode(b, img, &jpeg.Options{Quality: 60}) },
		"GIF":  func(b *bytes.Buffer) error { return gif.Encode(b, img, nil) },
	} {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			t.Fatal(err)
		}
		got, err := Picture(context.Background(), &b)
		if err != nil || got != text {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

func TestPictureRefuses(t *testing.T) {
	var plain, half bytes.Buffer
	if err := png.Encode(&plain, image.NewGray(image.Rect(0, 0, 300, 300))); err != nil {
		t.Fatal(err)
	}
	if err := png.Encode(&half, screen(t, "otpauth://totp/x?secret=JBSWY3DPEHPK3PXP")); err != nil {
		t.Fatal(err)
	}
	half.Truncate(half.Len() / 2)
	for name, c := range map[string]struct{ data, part string }{
		"no picture":         {"<svg/>", "PNG, JPEG or GIF"},
		"nothing":            {"", "PNG, JPEG or GIF"},
		"no code":            {plain.String(), "No QR code"},
		"cut off":            {half.String(), "damaged"},
		"too many bytes":     {strings.Repeat("x", MostPicture+1), "larger than 8 MB"},
		"a flood of pixels":  {flood(60_000, 60_000), "16 million pixels"},
		"a very long stripe": {flood(1<<30, 1), "16 million pixels"},
	} {
		_, err := Picture(context.Background(), strings.NewReader(c.data))
		f, ok := fault.As(err)
		if !ok || len(f.Fields) != 1 || !strings.Contains(f.Fields[0].Text, c.part) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// flood is the head of a PNG that claims to be enormous.
func flood(width, height uint32) string {
	head := append([]byte("IHDR"), binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, width), height)...)
	head = append(head, 8, 2, 0, 0, 0)
	out := append([]byte("\x89PNG\r\n\x1a\n"), 0, 0, 0, 13)
	out = append(out, head...)
	return string(binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(head)))
}
