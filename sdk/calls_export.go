package sdk

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
)

// NewExport asks for a file of credentials.
type NewExport struct {
	Format      string   `json:"format" enum:"csv,kdbx,bitwarden" example:"kdbx"`
	Clients     []string `json:"clients,omitempty" maxItems:"10000" doc:"Ids; all that one reaches otherwise. Not for one's own vault"`
	Credentials []string `json:"credentials,omitempty" maxItems:"5000" doc:"Ids: only these, all or none, instead of clients"`
	Password    Secret   `json:"password" maxLength:"1024" doc:"One's own, again"`
	Passphrase  Secret   `json:"passphrase,omitempty" maxLength:"1024" doc:"Of a KeePass file, at least 12 characters"`
	Formulas    bool     `json:"formulas,omitempty" doc:"Leave formula characters in CSV cells as they are"`
}

// Export writes the credentials of clients to w; with own, those of one's own
// personal vault. What was written before an error is not a whole file.
func (c *API) Export(ctx context.Context, in NewExport, own bool, w io.Writer) error {
	path := "/exports"
	if own {
		path += "/own"
	}
	body, err := json.Marshal(in)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.base.String()+Prefix+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("User-Agent", c.agent)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+c.bearer.Reveal())
	res, err := c.http.Do(req)
	if err != nil {
		return &NetworkError{Address: c.base.String(), Cause: err}
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		answer, err := io.ReadAll(io.LimitReader(res.Body, largest))
		if err != nil {
			return &NetworkError{Address: c.base.String(), Cause: err}
		}
		return errorOf(res, answer)
	}
	if _, err := io.Copy(w, res.Body); err != nil {
		return &NetworkError{Address: c.base.String(), Cause: err}
	}
	return nil
}

// ExportClients gives the clients as CSV.
func (c *API) ExportClients(ctx context.Context) (out Sheet, err error) {
	err = c.call(ctx, never, "POST", "/exports/clients", nil, nil, &out)
	return out, err
}
