package backup

import (
	"bytes"
	"testing"
)

// FuzzRow: a row has one form, and nothing else is read as one.
func FuzzRow(f *testing.F) {
	for _, row := range edges {
		b, err := appendRow(nil, everyKind, row)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Add([]byte{})
	f.Add([]byte{tagText, 0xff, 0xff, 0xff, 0xff, 'a'})
	f.Fuzz(func(t *testing.T, b []byte) {
		values := make([]any, 4)
		if parseRow(b, everyKind, values) != nil {
			return
		}
		if again, err := appendRow(nil, everyKind, values); err != nil || !bytes.Equal(again, b) {
			t.Fatalf("%x is another form of %v: %v", b, values, err)
		}
	})
}

// FuzzStream: a file that is no backup ends with an error, without its lengths
// being believed.
func FuzzStream(f *testing.F) {
	f.Add([]byte{})
	var whole bytes.Buffer
	w, err := newFrameWriter(&whole)
	if err != nil || w.putJSON(frameManifest, Manifest{Format: version}) != nil || w.put(frameRow, []byte{tagNull}) != nil || w.put(frameEnd, nil) != nil || w.w.Flush() != nil {
		f.Fatal(err)
	}
	f.Add(whole.Bytes())
	f.Add(whole.Bytes()[:whole.Len()-9])
	f.Add(bytes.Repeat([]byte{0xff}, 40))
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := begin(bytes.NewReader(b))
		for n := 0; err == nil; n++ {
			if n > len(b) {
				t.Fatal("there are more frames than bytes")
			}
			_, _, err = s.frames.next()
		}
	})
}
