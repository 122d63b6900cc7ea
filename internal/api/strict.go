package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
)

// Deepest is how many objects and lists may lie in one another in a body.
const Deepest = 8

// strict is the only format: JSON, checked for shape before anything decodes it.
var strict = huma.Format{
	Marshal: func(w io.Writer, v any) error { return json.NewEncoder(w).Encode(v) },
	Unmarshal: func(data []byte, v any) error {
		d := json.NewDecoder(bytes.NewReader(data))
		d.DisallowUnknownFields()
		if err := d.Decode(v); err != nil {
			return unfitOf(data, err)
		}
		return nil
	},
}

// checkShape refuses what a decoder would take in silence: a second name of
// the same kind in an object, text that is not UTF-8, something after the
// end; and what would cost too much: depth.
func checkShape(data []byte) error {
	if !utf8.Valid(data) {
		return errors.New("it is not UTF-8")
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	if err := value(d, 1); err != nil {
		return err
	}
	if _, err := d.Token(); err != io.EOF {
		return errors.New("something follows after its end")
	}
	return nil
}

func value(d *json.Decoder, depth int) error {
	t, err := d.Token()
	if err != nil {
		return broken(err)
	}
	open, ok := t.(json.Delim)
	if !ok {
		return sized(d, t)
	}
	if depth > Deepest {
		return fmt.Errorf("objects and lists lie more than %d deep in it", Deepest)
	}
	seen := map[string]bool{}
	for d.More() {
		if open == '{' {
			name, err := d.Token()
			if err != nil {
				return broken(err)
			}
			key, _ := name.(string)
			if seen[key] {
				return errors.New("a name stands twice in one object")
			}
			seen[key] = true
		}
		if err := value(d, depth+1); err != nil {
			return err
		}
	}
	_, err = d.Token()
	return broken(err)
}

// sized refuses a number that nothing can hold.
func sized(d *json.Decoder, t json.Token) error {
	if n, is := t.(json.Number); is {
		if _, err := n.Float64(); err != nil {
			return fmt.Errorf("the number that ends at byte %d is too large", d.InputOffset())
		}
	}
	return nil
}

// broken says no more than where, since what stands there may be a secret.
func broken(err error) error {
	var syntax *json.SyntaxError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &syntax):
		return fmt.Errorf("it is not JSON at byte %d", syntax.Offset)
	}
	return errors.New("it ends too early")
}
