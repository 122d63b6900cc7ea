package web

import (
	"net/http"
	"net/url"
	"strconv"

	"bailiwick/internal/org"
	"bailiwick/internal/password"
	"bailiwick/internal/seal"
	"bailiwick/internal/web/ui"
)

const themeCookie = "__Host-theme"

// plain is a page for those who are not signed in, or not yet at work.
func (v *visit) plain(title, sub string) ui.PlainParams {
	return ui.PlainParams{Page: ui.Page{Title: title, Theme: themeOf(v.r), Brand: v.brand(), Colours: v.colours()}, Title: title, Sub: sub}
}

// themeOf is the theme that this browser's user chose last.
func themeOf(r *http.Request) string {
	c, err := r.Cookie(themeCookie)
	if err != nil || (c.Value != "light" && c.Value != "dark") {
		return ""
	}
	return c.Value
}

// keepTheme lets the pages outside of the vault look as those inside.
func (v *visit) keepTheme(theme string) {
	if theme != "light" && theme != "dark" {
		v.setCookie(themeCookie, "", -1)
		return
	}
	v.setCookie(themeCookie, theme, 365*24*60*60)
}

// secret is a field of the form's body as it was typed; a query never holds one.
func (v *visit) secret(name string) seal.Secret { return seal.NewSecret(v.r.PostForm.Get(name)) }

// wrong lists the fields that have an error, for the summary above the form.
func wrong(fields ...ui.FieldParams) []ui.FieldParams {
	var bad []ui.FieldParams
	for _, f := range fields {
		if f.Error != "" {
			bad = append(bad, f)
		}
	}
	return bad
}

var guesses = [...]string{"Among the first that anybody tries.", "Quickly guessed.", "Could be guessed.", "Hard to guess.", "Very hard to guess."}

// judge says how good a new password is; about is what is known of its owner.
func judge(typed seal.Secret, about ...string) *ui.StrengthParams {
	if typed.IsEmpty() {
		return nil
	}
	score := password.Score(typed.Reveal())
	hint := org.CheckPassword(typed, about...)
	if hint != "" {
		score = min(score, 2)
	}
	return &ui.StrengthParams{Score: score, Crack: guesses[score], Hint: hint}
}

// showStrength answers the meter below a password field.
func (v *visit) showStrength(about ...string) error {
	typed := v.secret("password")
	if typed.IsEmpty() {
		typed = v.secret("new_password")
	}
	if s := judge(typed, about...); s != nil {
		return v.render(ui.Strength(*s))
	}
	v.w.WriteHeader(http.StatusNoContent)
	return nil
}

func itoa(n int) string { return strconv.Itoa(n) }

func query(s string) string { return url.QueryEscape(s) }
