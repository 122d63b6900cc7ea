package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"strconv"
	"strings"
)

// unfit is a value that passed for its kind and could not be taken. What the
// decoder says of it names types of this program, and may repeat a secret.
type unfit struct{ at, wants string }

// unfitMark parts where from what: huma hands on no more of an error than its text.
const unfitMark = "\x00"

func (u unfit) Error() string { return u.at + unfitMark + u.wants }

func unfitOf(data []byte, err error) error {
	var wrong *json.UnmarshalTypeError
	if !errors.As(err, &wrong) {
		return unfit{"", "a value in it could not be read"}
	}
	return unfit{pathAt(data, wrong.Offset), wants(wrong.Type)}
}

func wants(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64, reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return "this must be a whole number, without point or exponent and not too large"
	case reflect.Float32, reflect.Float64:
		return "this must be a number that is not too large"
	case reflect.Bool:
		return "this must be true or false"
	case reflect.String:
		return "this must be a text"
	case reflect.Slice, reflect.Array:
		return "this must be a list"
	}
	return "this must be an object"
}

// pathAt names the value that ends at a byte of a body, as credentials[1].version.
func pathAt(data []byte, end int64) string {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	path, _ := pathBelow(d, "", end)
	return strings.TrimPrefix(path, ".")
}

func pathBelow(d *json.Decoder, path string, end int64) (string, bool) {
	t, err := d.Token()
	if err != nil || d.InputOffset() >= end {
		return path, true
	}
	open, ok := t.(json.Delim)
	if !ok {
		return "", false
	}
	for i := 0; d.More(); i++ {
		below := path + "[" + strconv.Itoa(i) + "]"
		if open == '{' {
			name, err := d.Token()
			key, ok := name.(string)
			if err != nil || !ok {
				return path, true
			}
			below = path + "." + key
		}
		if at, found := pathBelow(d, below, end); found {
			return at, true
		}
	}
	_, err = d.Token()
	return path, err != nil
}
