package foreign

import (
	"encoding/json"
	"io"
)

// mostElement is how much of a JSON file may lie between two steps of reading
// it: no single entry is larger.
const mostElement = 16 << 20

// jsonIn reads a JSON file step by step.
type jsonIn struct {
	*json.Decoder
	in *compact
}

func newJSON(r io.Reader) *jsonIn {
	c := &compact{r: r}
	return &jsonIn{json.NewDecoder(c), c}
}

// compact takes out white space between values, over which json's decoder
// would go again and again while it reads on, and ends where one step reads too
// much.
type compact struct {
	r             io.Reader
	text, escaped bool // within a string
	since         int  // bytes since the last step
}

func (c *compact) Read(p []byte) (int, error) {
	for {
		n, err := c.r.Read(p)
		kept := 0
		for _, b := range p[:n] {
			switch {
			case c.escaped:
				c.escaped = false
			case c.text && b == '\\':
				c.escaped = true
			case b == '"':
				c.text = !c.text
			case !c.text && (b == ' ' || b == '\n' || b == '\r' || b == '\t'):
				continue
			}
			p[kept] = b
			kept++
		}
		if c.since += kept; c.since > mostElement {
			return 0, refuse("One entry of the file is larger than %d MB. Remove it, or what makes it so large, and export again.", mostElement>>20)
		}
		if kept > 0 || err != nil || len(p) == 0 {
			return kept, err
		}
	}
}

// object calls each for every member of an object; each must take its value.
func (d *jsonIn) object(each func(key string) error) error {
	return d.nested('{', func() error {
		key, err := d.Token()
		if err != nil {
			return err
		}
		name, _ := key.(string)
		return each(name)
	})
}

// array calls each for every element of an array; null is an empty one.
func (d *jsonIn) array(each func() error) error { return d.nested('[', each) }

func (d *jsonIn) nested(open json.Delim, each func() error) error {
	t, err := d.Token()
	if err != nil || t == nil {
		return err
	}
	if got, ok := t.(json.Delim); !ok || got != open {
		return errShape
	}
	for d.More() {
		d.in.since = 0
		if err := each(); err != nil {
			return err
		}
	}
	_, err = d.Token()
	return err
}

// skip passes over a value, whatever its size.
func (d *jsonIn) skip() error {
	for depth := 0; ; {
		d.in.since = 0
		t, err := d.Token()
		if err != nil {
			return err
		}
		switch t {
		case json.Delim('{'), json.Delim('['):
			depth++
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
		if depth == 0 {
			return nil
		}
	}
}
