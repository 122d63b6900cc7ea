package web

import (
	"slices"

	"github.com/a-h/templ"

	"bailiwick/internal/kb"
	"bailiwick/internal/web/ui/icon"
)

// treeMove is a button that moves a category one step.
type treeMove struct {
	act, label string
	icon       icon.Name
}

// treeMoves are the steps that a category can make.
func (c kbCategories) treeMoves(one kb.Category) (moves []treeMove) {
	all := c.siblings(one.Parent)
	first := all[0] == one.ID
	for _, m := range []struct {
		treeMove
		can bool
	}{{treeMove{"up", "up", icon.Up}, !first}, {treeMove{"down", "down", icon.Down}, all[len(all)-1] != one.ID},
		{treeMove{"out", "out", icon.Back}, one.Parent != ""}, {treeMove{"in", "into the one above", icon.Next}, !first}} {
		if m.can {
			moves = append(moves, m.treeMove)
		}
	}
	return moves
}

// focus has a button of the category that was just moved keep the keyboard: the
// one that was pressed, or another one where it can go no further.
func (c kbCategories) focus(one kb.Category, act string) templ.Attributes {
	if one.ID != c.moved {
		return nil
	}
	wanted, moves := c.act, c.treeMoves(one)
	if !slices.ContainsFunc(moves, func(m treeMove) bool { return m.act == wanted }) {
		if wanted = "edit"; len(moves) > 0 {
			wanted = moves[0].act
		}
	}
	return templ.Attributes{"autofocus": act == wanted}
}

func (k kbFrame) movedText(c kb.Category, act, parent string) string {
	into, _ := k.find(parent)
	switch {
	case act == "up", act == "down":
		return c.Name + " was moved " + act + "."
	case parent == "":
		return c.Name + " was moved to the top level."
	}
	return c.Name + " was moved into " + into.Name + "."
}
