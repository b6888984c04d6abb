// Command hello prints a greeting, to show what a compiled program needs at run time: itself.
package main

import "fmt"

func main() {
	fmt.Println("Hello World")
}
