package sdk

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"go.jetify.com/typeid"
)

// API calls one server. It is safe for concurrent use.
type API struct {
	base   *url.URL
	bearer Secret
	http   *http.Client
	agent  string
	wait   func(context.Context, time.Duration) error
}

// largest is how much of an answer is read: no answer of the API is as large.
const largest = 64 << 20

// New makes an API for the server at an address, "https://vault.example";
// http is taken for this machine only. bearer is a session or an API token,
// "" before signing in. agent names the program in the user's list of sessions.
func New(address string, bearer Secret, agent string) (*API, error) {
	base, err := url.Parse(strings.TrimSuffix(address, "/"))
	switch {
	case err != nil || base.Host == "":
		return nil, fmt.Errorf("%q is not the address of a server, such as https://vault.example", address)
	case base.User != nil || base.RawQuery != "" || base.Fragment != "":
		return nil, fmt.Errorf("the address may hold no user, query or fragment")
	case base.Scheme != "https" && !(base.Scheme == "http" && loopback(base.Hostname())):
		return nil, fmt.Errorf("%s is not safe: only https is, or http to this machine", address)
	}
	return &API{base: base, bearer: bearer, agent: agent, wait: sleep,
		http: &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error {
			return http.ErrUseLastResponse // a bearer goes to the server it was meant for, and nowhere else
		}}}, nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || (ip != nil && ip.IsLoopback())
}

// With gives the same API with another bearer.
func (c *API) With(bearer Secret) *API {
	next := *c
	next.bearer = bearer
	return &next
}

// Address is the server's address.
func (c *API) Address() string { return c.base.String() }

// repeat says whether a request may be sent again when its outcome is not known.
type repeat bool

const (
	never  repeat = false // it would be done, or be logged, twice
	freely repeat = true  // it reads, or twice is as once, or the idempotency key keeps it to once
)

// tries is how often a request is sent at most.
const tries = 4

// patience is the longest wait that a server may ask for between two tries.
const patience = 20 * time.Second

// call sends a request and decodes its answer; in and out may be nil.
func (c *API) call(ctx context.Context, again repeat, method, path string, query url.Values, in, out any) error {
	var body []byte
	if in != nil {
		var err error
		if body, err = json.Marshal(in); err != nil {
			return err
		}
	}
	key := ""
	if again && method != http.MethodGet {
		made, err := typeid.WithPrefix("call")
		if err != nil {
			return err
		}
		key = made.String()
	}
	pause := 200 * time.Millisecond
	for n := 1; ; n++ {
		media := ""
		var content io.Reader
		if body != nil {
			media, content = "application/json", bytes.NewReader(body)
		}
		within, cancel := context.WithTimeout(ctx, time.Minute)
		err := c.send(within, method, path, query, key, media, content, out)
		cancel()
		after, retry := retryable(err, pause)
		if err == nil || !bool(again) || !retry || n == tries || ctx.Err() != nil {
			return err
		}
		if failed := c.wait(ctx, after); failed != nil {
			return err
		}
		pause *= 2
	}
}

// send sends a request once. media is the type of body, "" without one.
func (c *API) send(ctx context.Context, method, path string, query url.Values, key, media string, body io.Reader, out any) error {
	to := c.base.String() + Prefix + path
	if len(query) > 0 {
		to += "?" + query.Encode()
	}
	req, err := http.NewRequestWithContext(ctx, method, to, body)
	if err != nil {
		return err
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", c.agent)
	if media != "" {
		req.Header.Set("Content-Type", media)
	}
	if c.bearer != "" {
		req.Header.Set("Authorization", "Bearer "+c.bearer.Reveal())
	}
	if key != "" {
		req.Header.Set("Idempotency-Key", key)
	}
	res, err := c.http.Do(req)
	if err != nil {
		return &NetworkError{Address: c.base.String(), Cause: err}
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(res.Body, largest))
	if err != nil {
		return &NetworkError{Address: c.base.String(), Cause: err}
	}
	if res.StatusCode < 200 || res.StatusCode > 299 {
		return errorOf(res, answer)
	}
	if out == nil || res.StatusCode == http.StatusNoContent {
		return nil
	}
	if err := json.Unmarshal(answer, out); err != nil {
		return fmt.Errorf("the answer of %s is not what version 1 of the API gives: %w", c.base.Host, err)
	}
	return nil
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
