package seal

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"log/slog"
	"reflect"
	"strings"
	"testing"
)

const canary = "canary-5d1f"

// secrets returns one value of each secret type, all made of the same bytes.
func secrets() map[string]any {
	id, err := IdentityFrom(bytesFrom('a'))
	if err != nil {
		panic(err)
	}
	return map[string]any{
		"Key": keyN('a'), "Secret": NewSecret(canary), "Token": tokenN('a'), "Code": codeN('a'),
		"RecoveryCode": recoveryN('a'), "SignKey": signKeyN('a'), "Identity": id,
	}
}

// traces are the forms in which the secret bytes could show up.
func traces() []string {
	b := bytesFrom('a')
	decimal := strings.Trim(fmt.Sprint(b[:8]), "[]")
	return []string{
		canary, "canary", string(b[:8]), fmt.Sprintf("%x", b[:8]), fmt.Sprintf("%X", b[:8]), decimal,
		strings.ReplaceAll(decimal, " ", ", "), "0x61, 0x62", tokenN('a').Reveal()[:8],
		codeN('a').Groups()[0], codeN('a').WordGroups()[0], fmt.Sprintf("%x", canary),
	}
}

func mustHide(t *testing.T, what, printed string) {
	t.Helper()
	for _, trace := range traces() {
		if strings.Contains(printed, trace) {
			t.Errorf("%s shows the secret: %q", what, printed)
		}
	}
}

func TestSecretsPrintAsSecret(t *testing.T) {
	for name, secret := range secrets() {
		pointer := reflect.New(reflect.TypeOf(secret))
		pointer.Elem().Set(reflect.ValueOf(secret))
		for _, value := range []any{secret, pointer.Interface()} {
			for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%c", "%10.3v", "%!"} {
				got := fmt.Sprintf(verb, value)
				if verb != "%!" && got != "[secret]" {
					t.Errorf("%s with %s prints %q", name, verb, got)
				}
				mustHide(t, name+" "+verb, got)
			}
			b, err := json.Marshal(map[string]any{"x": value})
			if err != nil || string(b) != `{"x":"[secret]"}` {
				t.Errorf("%s as JSON: %s, %v", name, b, err)
			}
			x, err := xml.Marshal(value)
			if err != nil || !strings.Contains(string(x), "[secret]") {
				t.Errorf("%s as XML: %s, %v", name, x, err)
			}
			for _, handler := range []func(*bytes.Buffer) slog.Handler{
				func(b *bytes.Buffer) slog.Handler { return slog.NewTextHandler(b, nil) },
				func(b *bytes.Buffer) slog.Handler { return slog.NewJSONHandler(b, nil) },
			} {
				var log bytes.Buffer
				slog.New(handler(&log)).Info("m", "x", value, slog.Group("g", "y", value))
				if strings.Count(log.String(), "[secret]") != 2 {
					t.Errorf("%s in a log: %s", name, log.String())
				}
				mustHide(t, name+" in a log", log.String())
			}
		}
		if got := fmt.Sprint(secret); got != fmt.Sprint(secret.(fmt.Stringer)) || secret.(fmt.Stringer).String() != "[secret]" {
			t.Errorf("%s as string: %q", name, got)
		}
	}
}

// fmt does not call methods on unexported fields; nothing may show there.
func TestSecretsStayHiddenInUnexportedFields(t *testing.T) {
	holder := struct {
		key      Key
		text     Secret
		token    Token
		code     Code
		recovery RecoveryCode
		sign     SignKey
		list     []Secret
		session  SessionKeys
		identity Identity
		byName   map[string]Key
	}{
		keyN('a'), NewSecret(canary), tokenN('a'), codeN('a'), recoveryN('a'), signKeyN('a'),
		[]Secret{NewSecret(canary)}, SessionKeys{P: keyN('a')}, keyN(1).Identity(canary), map[string]Key{"x": keyN('a')},
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%q", "%d", "%c", "%f", "%t"} {
		mustHide(t, "with "+verb, fmt.Sprintf(verb, holder))
		mustHide(t, "pointer with "+verb, fmt.Sprintf(verb, &holder))
	}
}

func TestSecretsCannotBeCompared(t *testing.T) {
	for name, secret := range secrets() {
		if reflect.TypeOf(secret).Comparable() {
			t.Errorf("%s can be compared with ==", name)
		}
	}
}

func TestSecretHoldsItsText(t *testing.T) {
	var read struct{ Password Secret }
	if err := json.Unmarshal([]byte(`{"Password":"`+canary+`"}`), &read); err != nil || read.Password.Reveal() != canary {
		t.Errorf("read from JSON: %v", err)
	}
	if err := json.Unmarshal([]byte(`{"Password":"[secret]"}`), &read); err == nil || read.Password.Reveal() != canary {
		t.Errorf("the printed form was taken for a secret: %v", err)
	}
	a, b := NewSecret("same"), NewSecret("same")
	if !a.Equal(b) || a.Equal(NewSecret("Same")) || a.Equal(Secret{}) || !(Secret{}).Equal(NewSecret("")) {
		t.Error("Equal is wrong")
	}
	if a.IsEmpty() || !(Secret{}).IsEmpty() || !NewSecret("").IsEmpty() || (Secret{}).Reveal() != "" {
		t.Error("IsEmpty is wrong")
	}
}
