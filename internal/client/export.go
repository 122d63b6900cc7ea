package client

import (
	"bytes"
	"context"
	"encoding/csv"
	"slices"
	"strconv"
	"strings"

	"bailiwick/internal/gate"
	"bailiwick/internal/perm"
	"bailiwick/internal/sheet"
	"bailiwick/internal/vault"
)

// OpExport exports the clients that the actor reaches.
var OpExport = gate.Define(gate.Op{Name: "client.export", Sentence: "Export the clients that one reaches as CSV", Scope: gate.Listed, Needs: perm.AdminExportData, Write: true, Audit: true})

// Export gives the clients that the actor reaches as CSV (RFC 4180, with a byte
// order mark for spreadsheets). Where the session holds no keys, notes and tags
// stay empty. With formulas, cells stay as they are.
func (s *Store) Export(ctx context.Context, who gate.Actor, formulas bool) ([]byte, error) {
	return gate.Do(ctx, s.gate, who, OpExport, gate.Nothing(), func(tx *gate.Tx) ([]byte, error) {
		var ids []string
		err := tx.Each(sqlList, func(r *gate.Rows) error {
			c, err := scan(r)
			if err == nil && tx.SeesClient(c.ID) {
				ids = append(ids, c.ID)
			}
			return err
		}, who.User(), true, false)
		if err != nil {
			return nil, err
		}
		b := bytes.NewBufferString("\ufeff")
		w := csv.NewWriter(b)
		w.UseCRLF = true
		write := func(row ...string) {
			for i := range row {
				if !formulas {
					row[i] = sheet.Neutral(row[i])
				}
			}
			_ = w.Write(row) // into memory; Flush tells
		}
		write("Name", "Short code", "Phone", "Address", "Website", "Notes", "Tags", "Rotation days", "Credential types", "Enabled", "Credentials", "Id")
		kinds, err := vault.KindsIn(tx)
		if err != nil {
			return nil, err
		}
		sums, err := vault.Sums(tx, "")
		if err != nil {
			return nil, err
		}
		for _, id := range ids {
			c, err := Read(tx, id)
			if err != nil {
				return nil, err
			}
			days := ""
			if c.RotationDays > 0 {
				days = strconv.Itoa(c.RotationDays)
			}
			write(c.Name, c.ShortCode, c.Phone, c.Address, c.Website, c.Notes, strings.Join(c.Tags, ", "), days, strings.Join(typeNames(kinds, c.Types), ";"), map[bool]string{true: "yes", false: "no"}[c.Enabled], strconv.Itoa(sums[id].Credentials), c.ID)
		}
		w.Flush()
		tx.Event().Fields = []string{"clients: " + strconv.Itoa(len(ids))}
		return b.Bytes(), w.Error()
	})
}

// typeNames are those of the types that are still there.
func typeNames(kinds vault.Kinds, ids []string) (names []string) {
	for _, t := range kinds.All {
		if slices.Contains(ids, t.ID) {
			names = append(names, t.Name)
		}
	}
	return names
}
