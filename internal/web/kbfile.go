package web

import (
	"mime"
	"strconv"

	"bailiwick/internal/fault"
)

// filePolicy keeps what is sent from doing anything, should a browser show it
// as a page against all that is said of it.
const filePolicy = "default-src 'none'; sandbox; frame-ancestors 'none'"

// sendFile sends a picture, or anything else as a download. What it is, was
// found out when it came.
func sendFile(v *visit) error {
	rd, err := v.reads()
	if err != nil {
		return err
	}
	f, err := v.app.Bases.File(v.ctx(), v.who, v.r.PathValue("file"))
	if err != nil {
		return err
	}
	if f.Name != v.r.PathValue("name") {
		return fault.NotFound()
	}
	h := v.w.Header()
	h.Set("Content-Security-Policy", filePolicy)
	h.Set("Content-Type", "application/octet-stream")
	disposition := "attachment"
	if f.Picture {
		h.Set("Content-Type", f.Type)
		disposition = "inline"
	}
	h.Set("Content-Disposition", mime.FormatMediaType(disposition, map[string]string{"filename": f.Name}))
	if v.unchanged(rd.signed, f.ID) { // a file never changes
		return nil
	}
	h.Set("Content-Length", strconv.FormatInt(f.Size, 10))
	return v.app.Bases.WriteFile(v.ctx(), v.who, f, v.w)
}
