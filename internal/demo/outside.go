package demo

import (
	"time"

	"bailiwick/internal/extlink"
	"bailiwick/internal/fault"
	"bailiwick/internal/seal"
)

// outside are external links: one that waits for its recipient, and one that
// was used.
func (f *filler) outside() error {
	_, err := f.Links.Add(f.ctx, f.admin, f.items[3].id, extlink.NewLink{Fields: []string{extlink.Title, extlink.Username, extlink.Password, extlink.URLs}, Views: 3,
		Life: 7 * 24 * time.Hour, Passphrase: seal.NewSecret("four small green lamps"), Note: seal.NewSecret("For the cabling on Thursday.")})
	if err != nil {
		return err
	}
	made, err := f.Links.Add(f.ctx, f.admin, f.items[11].id, extlink.NewLink{Fields: []string{extlink.Username, extlink.Password}})
	if err != nil {
		return err
	}
	f.clock.Advance(4 * time.Minute)
	who, ok, err := f.Sessions.Link(f.ctx, made.ID, made.Token.Proof(), "198.51.100.23", nil)
	if err == nil && !ok {
		err = fault.NotFound()
	}
	if err != nil {
		return err
	}
	_, err = f.Links.Open(f.ctx, who, seal.Secret{})
	return err
}
