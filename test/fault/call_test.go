//go:build linux

package fault

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"testing"
	"time"

	"bailiwick/sdk"
)

// answer is what came of one request, sent once.
type answer struct {
	status  int // 0: no answer, or not a whole one
	body    []byte
	header  http.Header
	problem sdk.Problem
	err     error
}

// A verdict is what the caller was told.
type verdict string

const (
	done    verdict = "done"    // it was acknowledged
	refused verdict = "refused" // it was not done, and the caller was told so
	unknown verdict = "unknown" // nobody told, or the server said that it does not know
	broken  verdict = "broken"  // an answer that a fault does not excuse
)

func (a answer) verdict() verdict {
	switch {
	case a.status == 0, a.problem.Kind == sdk.Unknown:
		return unknown
	case a.status < 300:
		return done
	case a.status < 500, a.problem.Kind == sdk.Unavailable:
		return refused
	}
	return broken
}

// into decodes the answer's body.
func (a answer) into(t *testing.T, out any) {
	t.Helper()
	if a.verdict() != done {
		t.Fatalf("status %d, %+v, %v", a.status, a.problem, a.err)
	}
	must(t, json.Unmarshal(a.body, out))
}

// line is a way to a server with connections of its own.
type line struct {
	base string
	http *http.Client
}

func dial(address string) *line {
	return &line{address, &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 256}, Timeout: 90 * time.Second}}
}

func (l *line) hang() { l.http.CloseIdleConnections() }

// call sends one request of the API, once.
func (l *line) call(ctx context.Context, who caller, method, path, key string, in any) answer {
	var body io.Reader
	if in != nil {
		text, err := json.Marshal(in)
		if err != nil {
			return answer{err: err}
		}
		body = bytes.NewReader(text)
	}
	req, err := http.NewRequestWithContext(ctx, method, l.base+sdk.Prefix+path, body)
	if err != nil {
		return answer{err: err}
	}
	if in != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if who.bearer != "" {
		req.Header.Set("Authorization", "Bearer "+who.bearer)
	}
	if key != "" {
		req.Header.Set("Idempotency-Key", key)
	}
	return l.send(req)
}

func (l *line) send(req *http.Request) answer {
	res, err := l.http.Do(req)
	if err != nil {
		return answer{err: err}
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return answer{err: err}
	}
	a := answer{status: res.StatusCode, body: body, header: res.Header}
	if res.StatusCode >= 300 && res.Header.Get("Content-Type") == "application/problem+json" {
		a.err = json.Unmarshal(body, &a.problem)
	}
	return a
}

func (l *line) get(t *testing.T, who caller, path string, out any) {
	t.Helper()
	l.call(t.Context(), who, "GET", path, "", nil).into(t, out)
}

func (l *line) reveal(ctx context.Context, who caller, credential string) answer {
	return l.call(ctx, who, "POST", "/credentials/"+credential+"/reveal", "", nil)
}
