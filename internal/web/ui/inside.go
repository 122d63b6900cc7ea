package ui

import "context"

type inSite struct{}

// Inside gives the context of a page of a site: it has one client, which its
// users know as their company vault, and no others.
func Inside(ctx context.Context) context.Context { return context.WithValue(ctx, inSite{}, true) }

// Said is the words of a page: those for a provider's users, or in a site those
// for a site's.
func Said(ctx context.Context, provider, site string) string {
	if InSite(ctx) {
		return site
	}
	return provider
}

// InSite reports whether a page is one of a site.
func InSite(ctx context.Context) bool { return ctx.Value(inSite{}) != nil }
