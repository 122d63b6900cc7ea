package leak

import (
	"fmt"
	"strings"
	"testing"
)

// Made up here so that no scanner of sources takes them for real ones.
func made(prefix string, n int) string { return prefix + strings.Repeat("a1B2c3D4e5", n/10+1)[:n] }

func TestSecrets(t *testing.T) {
	for _, s := range []string{
		"-----BEGIN " + "PRIVATE KEY-----", "-----BEGIN OPENSSH " + "PRIVATE KEY-----", "-----BEGIN RSA " + "PRIVATE KEY-----", "-----BEGIN PGP " + "PRIVATE KEY BLOCK-----", "PuTTY-User-Key-File-3: ssh-ed25519",
		"key AKIA" + "ABCDEFGHIJKLMNOP here", made("ghp_", 36), made("github_pat_", 60), made("glpat-", 20), "xoxb-" + "123456789012-abc", made("sk_live_", 24), made("AIza", 35), made("sk-ant-", 40), made("SG."+strings.Repeat("a", 22)+".", 43), made("npm_", 36), made("dckr_pat_", 27), "12345678:AA" + strings.Repeat("x", 33),
		"eyJhbGciOiJIUzI1NiJ9." + "eyJzdWIiOiIxMjM0In0.abcdefghijklm", "AGE-SECRET-KEY-1" + strings.Repeat("Q", 58), "otpauth://totp/x?secret=ABC", "AccountKey=" + strings.Repeat("a", 40), "https://x.blob.core.windows.net/c?sv=1&sig=" + strings.Repeat("a", 40),
		"Authorization: Bearer abcdef123456", "postgres://app:hunter2@db/prod", "https://admin:S3cret@router/", "PrivateKey = " + strings.Repeat("a", 43) + "=", "mysql -u root -pS3cret", "curl -u admin:S3cret https://x", "net user backup S3cret! /add",
		"https://hooks.slack.com/services/T00000000/B00000000/" + strings.Repeat("x", 24),
		"password: hunter2", "Password = hunter2", "**Password:** `hunter2`", "| Password | hunter2 |", "| Admin password | hunter2 | x |", "- pwd: Summer2024!", "PASS=correct-horse", "\"password\": \"hunter2\",", "passwd := `hunter2`", "The password is Winter2024!", "Passwort: Sommer", "Kennwort = abc123", "mot de passe : abc123", "API key: 0123456789abcdef", "api_key=0123456789abcdef", "client secret: abcdefgh", "psk: sunshine", "WPA2 key: sunshine", "SNMP community: s3cret", "PIN: 4711", "user: bob password: hunter2", "password: hunter2 (same for root)", "DB_PASSWORD=hunter2", "passphrase → correct-horse-battery",
	} {
		found := Look("a\nb\n" + s + "\nc")
		if len(found) != 1 || found[0].Line != 3 {
			t.Errorf("%q: %v", s, found)
		}
	}
}

func TestWords(t *testing.T) {
	for _, s := range []string{
		"", "Password", "Password:", "Reset your password in the portal.", "Password: see the vault", "Password: in the vault", "password: <your password>", "password: ********", "Password: xxxx", "Password: required", "| Password | Required |", "| Password | |", "| password | string | the password |", "password=$PASSWORD", "password: ${DB_PASSWORD}", "password: %PASS%", "password: {{ vault.db }}", "Password: at least 12 characters", "Password: must have 12 characters", "The password is case sensitive.", "Token: https://portal.example/tokens", "Passing: 100", "passport: X1234567", "PIN: ask Anna", "pin 3: ground", "PIN: four digits", "secretary: Anna", "Community: we meet on Friday", "https://example.com/a:b@c", "-----BEGIN CERTIFICATE-----", "-----BEGIN PUBLIC KEY-----", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 anna@host", "https://user:<password>@host/", "curl -u admin:<password> https://x", "Password: change-me", "Password (12 characters): choose one", "tokenize: fast", "The pass is closed in winter", "Boarding pass: gate 5",
	} {
		if found := Look(s); len(found) != 0 {
			t.Errorf("%q: %v", s, found)
		}
	}
}

func TestManyLines(t *testing.T) {
	key := "-----BEGIN " + "PRIVATE KEY-----\npassword: inside-of-the-key\n-----END PRIVATE KEY-----\n"
	if found := Look(key + "password: hunter2"); len(found) != 2 || found[0].Line != 1 || found[1].Line != 4 {
		t.Error(found)
	}
	if found := Look(strings.Repeat("password: hunter2\n", 100)); len(found) != most {
		t.Error(len(found))
	}
}

// FuzzLook: whatever is found, is said without saying it, and quickly.
func FuzzLook(f *testing.F) {
	for _, s := range []string{"password: hunter2", "| Password | hunter2 |", "a\nAuthorization: Basic YTpi12345\n", "-----BEGIN " + "PRIVATE KEY-----\nx\n-----END"} {
		f.Add(s, "zq9Zx7Kp")
	}
	f.Fuzz(func(t *testing.T, text, secret string) {
		lines := strings.Count(text, "\n") + 1
		for _, s := range []string{text, fmt.Sprintf("%s\npassword: %s", text, secret)} {
			last := 0
			for _, f := range Look(s) {
				if f.Line <= last || f.Line > lines+1 || !strings.HasSuffix(f.Why, ".") {
					t.Fatalf("%q: %+v", s, f)
				}
				last = f.Line
				if len(secret) >= 8 && !strings.Contains("this looks like whoever has a value stands after command", strings.ToLower(secret)) && strings.Contains(f.Why, secret) {
					t.Fatalf("%q repeats %q", f.Why, secret)
				}
			}
		}
	})
}
