package api

import (
	"context"

	"bailiwick/internal/kb"
	"bailiwick/internal/kb/change"
	"bailiwick/sdk"
)

func (s *Server) articleDifference(ctx context.Context, c call, in *struct {
	ByEdition
	From int64 `query:"from" doc:"Number of the version to compare with; the one before otherwise"`
}) (out sdk.ArticleDifference, err error) {
	to, err := s.app.Bases.Edition(ctx, c.who, in.ID, in.Number)
	if err != nil {
		return out, err
	}
	if in.From == 0 {
		if in.From, err = s.editionBefore(ctx, c, in.ID, in.Number); err != nil {
			return out, err
		}
	}
	var from kb.Edition
	if in.From != 0 {
		if from, err = s.app.Bases.Edition(ctx, c.who, in.ID, in.From); err != nil {
			return out, err
		}
	}
	lines := change.Of(from.Markdown, to.Markdown)
	out = sdk.ArticleDifference{From: in.From, To: in.Number, TitleBefore: from.Title, TitleAfter: to.Title, Lines: []sdk.DifferenceLine{}}
	out.Gone, out.Added = change.Count(lines)
	hunks, _ := change.Hunks(lines, 3)
	for _, h := range hunks {
		for i, l := range h.Lines {
			line := sdk.DifferenceLine{Kind: lineKinds[l.Kind], Before: l.Before, After: l.After, Text: l.Text()}
			if i == 0 {
				line.Skipped = h.Skipped
			}
			out.Lines = append(out.Lines, line)
		}
	}
	return out, nil
}

var lineKinds = map[change.Kind]string{change.Same: "same", change.Gone: "gone", change.New: "added"}

// editionBefore is the number of the version before one, 0 for the first.
func (s *Server) editionBefore(ctx context.Context, c call, article string, number int64) (int64, error) {
	all, err := s.app.Bases.History(ctx, c.who, article)
	for _, e := range all { // the latest first
		if e.Number < number {
			return e.Number, err
		}
	}
	return 0, err
}
