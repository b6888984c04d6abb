// Command app counts the links of the HTML on its standard input.
package main

import (
	"bufio"
	"fmt"
	"log"
	"os"
	"strings"
)

func main() {
	links := 0
	page := bufio.NewScanner(os.Stdin)
	for page.Scan() {
		links += strings.Count(page.Text(), "href=")
	}
	if err := page.Err(); err != nil {
		log.Fatal(err)
	}
	fmt.Println(links)
}
