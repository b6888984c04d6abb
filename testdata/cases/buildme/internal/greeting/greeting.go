// Package greeting has the one line that the server answers with.
package greeting

// For returns the greeting for a visitor of this name.
func For(visitor string) string {
	return "hello, " + visitor
}
