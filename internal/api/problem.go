package api

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"bailiwick/internal/door"
	"bailiwick/internal/fault"
	"bailiwick/internal/session"
	"bailiwick/sdk"
)

// problem is the one shape of every error (RFC 9457).
type problem struct {
	sdk.Problem
	after string // Retry-After, in seconds
}

func (p *problem) Error() string             { return string(p.Kind) + ": " + p.Detail }
func (p *problem) GetStatus() int            { return p.Status }
func (p *problem) ContentType(string) string { return "application/problem+json" }

// MarshalJSON gives the wire form.
func (p *problem) MarshalJSON() ([]byte, error) { return json.Marshal(p.Problem) }

// Schema describes the wire form.
func (*problem) Schema(r huma.Registry) *huma.Schema {
	return r.Schema(problemType, true, "Problem")
}

// GetHeaders gives what goes with the status.
func (p *problem) GetHeaders() http.Header {
	h := http.Header{}
	if p.after != "" {
		h.Set("Retry-After", p.after)
	}
	if p.Status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", `Bearer realm="bailiwick"`)
	}
	return h
}

func plain(status int, kind sdk.Kind, detail string) *problem {
	return &problem{Problem: sdk.Problem{Status: status, Title: http.StatusText(status), Kind: kind, Detail: detail}}
}

// nothingHere is what a thing that is absent or refused is answered with: an
// address that does not exist must not look different.
func nothingHere() error { return fault.NotFound() }

// problemOf turns any error into what may be told.
func problemOf(ctx context.Context, log *slog.Logger, err error) *problem {
	p := &problem{}
	var choose *session.ChooseError
	var second *session.FactorError
	var tooBig *http.MaxBytesError
	f, isFault := fault.As(err)
	switch {
	case errors.As(err, &p):
	case errors.As(err, &choose):
		p = plain(http.StatusUnprocessableEntity, sdk.Choose, "This address and password fit in several organizations. Name one of them and sign in again.")
		for _, c := range choose.Choices {
			p.Organizations = append(p.Organizations, sdk.Choice{ID: c.Org, Slug: c.Slug, Name: c.Name})
		}
	case errors.As(err, &second):
		p = plain(http.StatusUnprocessableEntity, sdk.NeedsFactor, "The password is right. Finish the sign-in with a second factor.")
		p.Pending, p.Options = sdk.Secret(second.Pending.Reveal()), string(second.Ways.Options)
		for way, there := range map[string]bool{"totp": second.Ways.TOTP, "passkey": second.Ways.Passkey, "codes": second.Ways.Codes} {
			if there {
				p.Ways = append(p.Ways, way)
			}
		}
		slices.Sort(p.Ways)
	case isFault:
		p = plain(door.Status(err), sdk.Kind(f.Kind), f.Text)
		for _, field := range f.Fields {
			p.Errors = append(p.Errors, sdk.FieldError{Field: field.Name, Text: field.Text})
		}
		p.after = door.After(err)
		if cause := f.Unwrap(); cause != nil && ctx.Err() == nil {
			log.Error("request failed", "request", door.From(ctx).ID, "error", cause)
		}
	case errors.As(err, &tooBig):
		p = tooLarge()
	case door.Status(err) == http.StatusRequestTimeout:
		p = plain(http.StatusRequestTimeout, sdk.Malformed, "The body did not arrive in time. Nothing was saved.")
	default:
		p = plain(http.StatusInternalServerError, sdk.Internal, "Something went wrong on the server. Its log has the cause under the id of this request.")
		if ctx.Err() == nil {
			log.Error("request failed", "request", door.From(ctx).ID, "error", err)
		}
	}
	p.RequestID = door.From(ctx).ID
	return p
}

func tooLarge() *problem {
	return plain(http.StatusRequestEntityTooLarge, sdk.TooLarge, "This is more than the address takes. Nothing was saved.")
}

// Failed answers an error outside of the API's own handlers: an unknown
// address, a request from another site, a panic.
func Failed(log *slog.Logger, w http.ResponseWriter, r *http.Request, err error) {
	p := problemOf(r.Context(), log, err)
	for k, v := range p.GetHeaders() {
		w.Header()[k] = v
	}
	w.Header().Set("Content-Type", p.ContentType(""))
	w.WriteHeader(p.Status)
	_ = strict.Marshal(w, p)
}

// What huma itself finds wrong with a request takes the same shape. It puts
// the offending value into its own errors; a value may be a secret, so it is
// left out here.
func init() {
	huma.DefaultArrayNullable = false
	huma.ValidateStrictCasing = true
	huma.NewError = func(status int, text string, errs ...error) huma.StatusError {
		return invalid(status, errs)
	}
	huma.NewErrorWithContext = func(ctx huma.Context, status int, text string, errs ...error) huma.StatusError {
		p := invalid(status, errs)
		p.RequestID = door.From(ctx.Context()).ID
		return p
	}
}

func invalid(status int, errs []error) *problem {
	switch {
	case status == http.StatusRequestEntityTooLarge:
		return tooLarge()
	case status == http.StatusBadRequest:
		return plain(status, sdk.Malformed, "This address needs a JSON object as its body. Nothing was saved.")
	case status >= http.StatusInternalServerError:
		return plain(status, sdk.Internal, "Something went wrong on the server. Its log has the cause under the id of this request.")
	}
	p := plain(http.StatusUnprocessableEntity, sdk.Invalid, "Nothing was saved. Mend what is named.")
	for _, err := range errs {
		var d *huma.ErrorDetail
		if errors.As(err, &d) {
			p.Errors = append(p.Errors, fieldError(d))
		}
	}
	return p
}

// fieldError says in plain words what huma found.
func fieldError(d *huma.ErrorDetail) sdk.FieldError {
	at := d.Location
	for _, part := range []string{"body", "query", "path", "header"} {
		at = strings.TrimPrefix(strings.TrimPrefix(at, part), ".")
	}
	if name, ok := strings.CutPrefix(d.Message, "expected required property "); ok {
		name = strings.TrimSuffix(name, " to be present")
		if at != "" {
			name = at + "." + name
		}
		return sdk.FieldError{Field: name, Text: "This is needed."}
	}
	message := d.Message
	if where, wants, is := strings.Cut(message, unfitMark); is {
		at, message = where, wants
	}
	switch message {
	case "unexpected property", "unknown query parameter":
		return sdk.FieldError{Field: at, Text: "There is no such field here."}
	case "required query parameter is missing":
		return sdk.FieldError{Field: at, Text: "This is needed."}
	}
	return sdk.FieldError{Field: at, Text: strings.ToUpper(message[:1]) + message[1:] + "."}
}
