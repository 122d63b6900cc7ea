package web

import (
	"bytes"
	"context"
	"image/png"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/qr"

	"bailiwick/internal/otp"
	"bailiwick/internal/perm"
)

func TestOneTimeCodePages(t *testing.T) {
	o := newOffice(t)
	ctx := context.Background()
	at := "/credentials/" + o.firewall
	key, err := otp.Parse("JBSWY3DPEHPK3PXP")
	o.Must(err)
	want, _ := key.Code(o.Clock.Now())
	if body := o.ada.script().post(at + "/code").says(http.StatusOK).Body.String(); !strings.Contains(body, groupedCode(want)) || !strings.Contains(body, "data-seconds") || strings.Contains(body, "<html") {
		t.Errorf("the script gets %s", body)
	}
	o.ada.post(at+"/code").says(http.StatusOK, groupedCode(want), "Edge firewall").hidden()
	if a := o.ada.script().post(at + "/code/copy"); a.Body.String() != want {
		t.Errorf("copied %q, want %s", a.Body.String(), want)
	}
	o.ada.post(at + "/code/copy").says(http.StatusNotFound)
	o.ada.get("/audit").says(http.StatusOK, "Took a one-time code of Edge firewall")
	o.ada.get("/clients/"+o.contoso+"?c="+o.firewall).says(http.StatusOK, "One-time code", "Replace or remove the TOTP secret").hidden()
	o.ada.get("/clients/"+o.contoso).says(http.StatusOK, "tCopy one-time code") // among the keys
	if body := o.ada.get("/clients/" + o.contoso).Body.String(); !strings.Contains(body, `data-row="ret-"`) {
		t.Error("the row does not say that there is a code")
	}

	page := o.ada.get(at+"/totp").says(http.StatusOK, "Replace the TOTP secret", "Remove the TOTP secret").hidden()
	o.ada.post(at+"/totp", "version", page.value("version"), "totp", "").says(http.StatusUnprocessableEntity, "Type or paste the secret")
	o.ada.post(at+"/totp", "version", page.value("version"), "totp", "nonsense!").says(http.StatusUnprocessableEntity, "no TOTP secret")
	o.ada.post(at+"/totp", "version", "1", "act", "remove").leads("/clients/" + o.contoso + "?c=" + o.firewall)
	o.ada.post(at+"/totp", "version", "1", "totp", "GEZDGNBVGY3TQOJQ").says(http.StatusConflict, "changed this credential in the meantime")
	o.ada.get(at+"/totp").says(http.StatusOK, "Set a TOTP secret").lacks("Remove the TOTP secret")

	// By a picture.
	const text = "otpauth://totp/Acme?secret=GEZDGNBVGY3TQOJQGEZDGNBV&digits=8"
	o.ada.picture(at+"/totp", pictureOf(t, "https://example.com"), "version", "2").says(http.StatusUnprocessableEntity, "holds no TOTP secret")
	o.ada.picture(at+"/totp", []byte("no picture"), "version", "2").says(http.StatusUnprocessableEntity, "PNG, JPEG or GIF")
	o.ada.picture(at+"/totp", pictureOf(t, text), "version", "2").leads("/clients/" + o.contoso + "?c=" + o.firewall)
	if code, err := o.Vault.Code(ctx, o.Admin, o.firewall); err != nil || len(code.Code) != 8 {
		t.Errorf("after the picture: %+v, %v", code, err)
	}
	o.ada.get(at+"/history").says(http.StatusOK, "one-time code", "perhaps another one than now").hidden().lacks("GEZDGNBVGY3TQOJQ")

	// A new credential may have one from the start.
	fresh := "/clients/" + o.contoso + "/credentials/new"
	o.ada.post(fresh, "title", "Portal", "totp", "bad").says(http.StatusUnprocessableEntity, "no TOTP secret")
	o.ada.post(fresh, "title", "Portal", "totp", text).says(http.StatusSeeOther)

	// Who may not change it is not offered to, and can't.
	level, err := o.Access.AddLevel(ctx, o.Admin, "Editors", perm.SetOf(perm.ClientViewList, perm.ClientDefaultAccess, perm.PasswordView, perm.PasswordEdit, perm.PasswordAdd))
	o.Must(err)
	ed := o.enter(t, "ed", level)
	ed.get("/clients/"+o.contoso+"?c="+o.firewall).says(http.StatusOK, "One-time code").lacks("TOTP secret")
	ed.get(fresh).says(http.StatusOK).lacks("TOTP secret")
	ed.get(at + "/totp").says(http.StatusNotFound)
	ed.post(at+"/totp", "version", "3", "totp", "GEZDGNBVGY3TQOJQ").says(http.StatusNotFound)
	ed.picture(at+"/totp", pictureOf(t, text), "version", "3").says(http.StatusNotFound)
	ed.get(at+"/history").says(http.StatusOK, "which you may not")
	ed.post(at+"/history/1/restore", "present", "3").says(http.StatusNotFound)
	ed.script().post(at + "/code").says(http.StatusOK)
}

// TestPictureIsNeverPassedOver: whichever button sends the form, a picture that
// was chosen is read, or the answer says why it was not.
func TestPictureIsNeverPassedOver(t *testing.T) {
	o := newOffice(t)
	const text = "otpauth://totp/Acme?secret=GEZDGNBVGY3TQOJQGEZDGNBV&digits=8"
	good, other := pictureOf(t, text), pictureOf(t, "https://example.com")
	fresh := "/clients/" + o.contoso + "/credentials/new"
	page := o.ada.get(fresh).says(http.StatusOK, "From a picture of the QR code")
	if !strings.Contains(page.Body.String(), `enctype="multipart/form-data"`) {
		t.Error("the form leaves the picture behind")
	}

	o.ada.picture(fresh, other, "title", "Lens").says(http.StatusUnprocessableEntity, "holds no TOTP secret")
	o.ada.picture(fresh, good, "title", "Lens", "totp", "JBSWY3DPEHPK3PXP").says(http.StatusUnprocessableEntity, "another secret than the one that is typed")
	for _, act := range []string{"picture", "url-add", "type"} {
		if a := o.ada.picture(fresh, good, "title", "Lens", "act", act).says(http.StatusOK, "was read from the picture"); a.value("title") != "Lens" || !strings.Contains(a.value("totp"), "GEZDGNBVGY3TQOJQ") {
			t.Errorf("%s: title %q, secret %q", act, a.value("title"), a.value("totp"))
		}
	}
	o.ada.post(fresh, "title", "Lens", "act", "picture").says(http.StatusUnprocessableEntity, "Choose a picture")

	at := func(a answer) string { return a.says(http.StatusSeeOther).Header().Get("Location") }
	made := at(o.ada.picture(fresh, good, "title", "Lens", "once", page.value("once")))
	if again := at(o.ada.picture(fresh, good, "title", "Lens", "once", page.value("once"))); again != made {
		t.Errorf("sent twice, it was added twice: %s, %s", made, again)
	}
	id := made[strings.Index(made, "cred_"):]
	if code, err := o.Vault.Code(context.Background(), o.Admin, id); err != nil || len(code.Code) != 8 {
		t.Errorf("added with a picture: %+v, %v", code, err)
	}

	totp := "/credentials/" + id + "/totp"
	o.ada.picture(totp, good, "version", "1", "totp", "JBSWY3DPEHPK3PXP").says(http.StatusUnprocessableEntity, "another secret than the one that is typed")
	o.ada.post(totp, "version", "1", "act", "picture").says(http.StatusUnprocessableEntity, "Choose a picture")
}

func pictureOf(t *testing.T, text string) []byte {
	t.Helper()
	code, err := qr.Encode(text, qr.M, qr.Auto)
	if err == nil {
		code, err = barcode.Scale(code, 300, 300)
	}
	var b bytes.Buffer
	if err == nil {
		err = png.Encode(&b, code)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// picture sends a picture as the form does.
func (b *surfer) picture(path string, data []byte, fields ...string) answer {
	b.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for i := 0; i < len(fields); i += 2 {
		_ = w.WriteField(fields[i], fields[i+1])
	}
	part, err := w.CreateFormFile("picture", "screen.png")
	if err == nil {
		_, err = part.Write(data)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		b.t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, path, &body)
	r.Header.Set("Content-Type", w.FormDataContentType())
	for n, v := range b.cookies {
		r.AddCookie(&http.Cookie{Name: n, Value: v})
	}
	out := httptest.NewRecorder()
	b.site.table.ServeHTTP(out, r)
	return answer{out, b.t}
}
