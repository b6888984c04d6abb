package greeting

import "testing"

func TestFor(t *testing.T) {
	for visitor, want := range map[string]string{"you": "hello, you", "": "hello, "} {
		if got := For(visitor); got != want {
			t.Errorf("For(%q) = %q, want %q", visitor, got, want)
		}
	}
}
