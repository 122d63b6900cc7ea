package foreign

import (
	"encoding/json"
	"errors"
	"io"
)

var errShape = errors.New("foreign: the JSON has another shape")

// explained makes a sentence of what reading JSON gives; errors of others, such
// as the reader's and the sink's, pass.
func explained(err error, what string) error {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &syntax):
		return refuse("This is no %s: its JSON is broken. Export it again.", what)
	case errors.As(err, &kind):
		return refuse("This is no %s: “%s” holds something else than expected. Export it again.", what, kind.Field)
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return refuse("The file ends too early. Export or upload it again.")
	case errors.Is(err, errShape):
		return refuse("This is no %s. Choose the file that the export wrote.", what)
	}
	return err
}
