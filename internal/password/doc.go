// Package password says how good a password is and makes new ones by rules.
//
// It knows no user, no vault and no database, keeps nothing, and logs nothing.
// Randomness comes from whoever calls; web/src/generator.js has the same rules
// for the browser.
package password
