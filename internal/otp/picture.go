package otp

import (
	"bytes"
	"context"
	"image"
	_ "image/gif"  // formats in which browsers take pictures
	_ "image/jpeg" // of a screen
	_ "image/png"
	"io"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"bailiwick/internal/fault"
)

// Limits of a picture. A small file can claim to be enormous (a pixel flood),
// so its size is read before its pixels are.
const (
	MostPicture = 8 << 20 // bytes
	mostPixels  = 16 << 20
	mostSide    = 10_000
)

// reading lets two pictures be read at once: each takes up to 100 MB.
var reading = make(chan struct{}, 2)

// Picture gives the text of the QR code in a picture: PNG, JPEG or GIF.
func Picture(ctx context.Context, from io.Reader) (string, error) {
	data, err := io.ReadAll(io.LimitReader(from, MostPicture+1))
	if err != nil {
		return "", err
	}
	if len(data) > MostPicture {
		return "", fault.Bad("picture", "The picture is larger than 8 MB. Cut out the QR code and try again.")
	}
	select {
	case reading <- struct{}{}:
		defer func() { <-reading }()
	case <-ctx.Done():
		return "", ctx.Err()
	}
	size, _, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return "", fault.Bad("picture", "This is not a picture that can be read. Use PNG, JPEG or GIF.")
	}
	if size.Width > mostSide || size.Height > mostSide || size.Width*size.Height > mostPixels {
		return "", fault.Bad("picture", "The picture has more than 16 million pixels. Cut out the QR code and try again.")
	}
	img, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return "", fault.Bad("picture", "The picture is damaged. Nothing was saved.")
	}
	if text, ok := scan(img); ok {
		return text, nil
	}
	return "", fault.Bad("picture", "No QR code was found in this picture. Take it larger and straight, with the white border, or type the secret.")
}

// scan looks for a QR code. What makes the reader stumble has none.
func scan(img image.Image) (text string, ok bool) {
	defer func() {
		if recover() != nil {
			text, ok = "", false
		}
	}()
	bitmap, err := gozxing.NewBinaryBitmapFromImage(img)
	if err != nil {
		return "", false
	}
	found, err := qrcode.NewQRCodeReader().Decode(bitmap, map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true})
	if err != nil {
		return "", false
	}
	return found.GetText(), true
}
