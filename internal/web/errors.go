package web

import (
	"log/slog"
	"net/http"

	"bailiwick/internal/door"
	"bailiwick/internal/fault"
	"bailiwick/internal/web/ui"
)

// failure is what an error page says. It never says more than a fault does:
// the cause of anything else is in the log, under the request's id.
type failure struct {
	Status      int
	Title, Text string
	Request     string
	SignIn      bool
}

// Failed answers an error outside of any form: a page, or text for the script.
func Failed(log *slog.Logger, w http.ResponseWriter, r *http.Request, err error) {
	failed(log, w, r, err, "")
}

// failed is Failed where the name on the page is known.
func failed(log *slog.Logger, w http.ResponseWriter, r *http.Request, err error, brand string) {
	f := failure{Status: door.Status(err), Request: door.Of(r).ID}
	var cause error
	switch is, ok := fault.As(err); {
	case ok:
		f.Text, f.SignIn, cause = is.Text, is.Kind == fault.Unsigned, is.Unwrap()
		for _, field := range is.Fields {
			f.Text += " " + field.Text
		}
	case f.Status == http.StatusRequestTimeout:
		f.Text = "What was sent did not arrive in time. Nothing was saved. Go back and try again."
	case f.Status == http.StatusRequestEntityTooLarge:
		f.Text = "What was sent is too large. Nothing was saved."
	default:
		f.Text, cause = "Something went wrong on the server, and nothing was saved. Try again; if it happens again, tell your administrator the number below.", err
	}
	f.Title = titles[f.Status]
	if cause != nil {
		log.Error("request failed", "request", f.Request, "route", r.Pattern, "error", cause)
	}
	if after := door.After(err); after != "" {
		w.Header().Set("Retry-After", after)
	}
	if partial(r) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.WriteHeader(f.Status)
		_, _ = w.Write([]byte(f.Text + "\n"))
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(f.Status)
	page := ui.PlainParams{Page: ui.Page{Title: f.Title, Theme: themeOf(r), Brand: brand}, Title: f.Title}
	if err := failedPage(page, f).Render(r.Context(), w); err != nil {
		log.Info("the error page was not read to its end", "request", f.Request, "error", err)
	}
}

var titles = map[int]string{
	http.StatusNotFound:              "Not found",
	http.StatusUnauthorized:          "Sign in first",
	http.StatusUnprocessableEntity:   "Not possible",
	http.StatusConflict:              "Changed in between",
	http.StatusTooManyRequests:       "Too many tries",
	http.StatusLocked:                "The vault is sealed",
	http.StatusServiceUnavailable:    "Not possible right now",
	http.StatusRequestEntityTooLarge: "Too large",
	http.StatusRequestTimeout:        "Too slow",
	http.StatusInternalServerError:   "Something went wrong",
}

// partial reports whether the script asks, and not somebody for a page.
func partial(r *http.Request) bool {
	return r.Header.Get("HX-Request") == "true" || r.Header.Get("X-Requested-With") != ""
}
