package org

import (
	"strings"
	"unicode"

	"golang.org/x/net/idna"
	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Looks gives what an address looks like: two addresses with the same looks
// are not both taken, so that nobody gets another's account, mail or trust by
// an address that only reads like his. It is for comparing alone; mails go to
// the address as it was stored. The idea is the skeleton of Unicode Technical
// Standard 39, section 4, with the pairs that matter in addresses.
func Looks(email string) string {
	email = norm.NFKC.String(cases.Fold().String(norm.NFKC.String(strings.TrimSpace(email))))
	local, domain, _ := cutLast(email, "@")
	if shown, err := idna.Display.ToUnicode(domain); err == nil {
		domain = shown // xn--… and what it stands for are one domain
	}
	return skeleton(local) + "@" + skeleton(strings.TrimSuffix(domain, "."))
}

func cutLast(s, sep string) (before, after string, ok bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}

func skeleton(s string) string {
	var b strings.Builder
	var last rune
	for _, r := range norm.NFD.String(s) {
		if was := alike[r]; was != 0 {
			r = was
		}
		dotted := r == '\u0307' && (last == 'i' || last == 'j') // a dot on what has one
		last = r
		switch {
		case unicode.Is(unicode.Cf, r) || unicode.IsControl(r) || unicode.Is(unicode.Variation_Selector, r):
		case dotted:
		default:
			b.WriteRune(r)
		}
	}
	return strings.NewReplacer("rn", "m", "vv", "w").Replace(b.String())
}

// alike has, for letters and digits of after case folding, the Latin letter
// that they are taken for.
var alike = pairs(
	"0o", "1l", "|l", "ıi", "ɑa", "ɡg", "ɩi", "ƽs", "ſs",
	// Cyrillic
	"аa", "вb", "сc", "ԁd", "еe", "һh", "іi", "јj", "кk", "ӏl", "мm", "нh", "оo", "рp", "ԛq", "гr", "ѕs", "тt", "уy", "ѵv", "ԝw", "хx", "ьb", "ү"+"y", "ғf",
	// Greek
	"αa", "βb", "εe", "ηn", "ιi", "κk", "μu", "νv", "οo", "ρp", "σo", "τt", "υu", "χx", "γy", "ωw", "ϲc", "ϳj",
	// Armenian, Georgian, Hebrew, Arabic
	"օo", "ո"+"n", "սu", "հh", "ցg", "զq", "ք"+"f", "ჿo", "סo", "וl", "ןl", "هo", "ہo", "٥o", "۵o", "ه"+"o",
)

func pairs(all ...string) map[rune]rune {
	m := map[rune]rune{}
	for _, p := range all {
		r := []rune(p)
		m[r[0]] = r[1]
	}
	return m
}

// Mixed reports whether a part of an address mixes letters of several scripts,
// or has characters that can't be seen. No name is written so, only imitations.
func Mixed(email string) bool {
	local, domain, _ := cutLast(norm.NFKC.String(strings.TrimSpace(email)), "@")
	if shown, err := idna.Display.ToUnicode(domain); err == nil {
		domain = shown
	}
	for _, part := range append(strings.Split(domain, "."), local) {
		script := ""
		for _, r := range part {
			if unicode.Is(unicode.Cf, r) || unicode.IsControl(r) || unicode.IsSpace(r) {
				return true
			}
			s := scriptOf(r)
			if s != "" && script != "" && s != script {
				return true
			}
			if s != "" {
				script = s
			}
		}
	}
	return false
}

// scriptOf names a letter's script; the scripts of Japanese and Korean, which
// are written together with Han, count as one.
func scriptOf(r rune) string {
	if !unicode.IsLetter(r) {
		return ""
	}
	for _, s := range []*unicode.RangeTable{unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Bopomofo} {
		if unicode.Is(s, r) {
			return "East Asian"
		}
	}
	if unicode.Is(unicode.Latin, r) {
		return "Latin"
	}
	for name, s := range unicode.Scripts {
		if name != "Common" && name != "Inherited" && unicode.Is(s, r) {
			return name
		}
	}
	return ""
}
