// Command server greets its visitors over HTTP.
package main

import (
	"flag"
	"fmt"
	"log"
	"net/http"

	"example.com/buildme/internal/greeting"
)

// version is set by the linker: -ldflags "-X main.version=v1.2.3".
var version string

func main() {
	listen := flag.String("listen", "127.0.0.1:8080", "address to answer at")
	versionOnly := flag.Bool("version", false, "print the version and end")
	flag.Parse()
	if version != "" {
		fmt.Println("Version:", version)
	}
	if *versionOnly {
		return
	}
	log.Fatal(http.ListenAndServe(*listen, http.HandlerFunc(greet)))
}

func greet(answer http.ResponseWriter, request *http.Request) {
	if _, err := fmt.Fprintln(answer, greeting.For(request.URL.Query().Get("name"))); err != nil {
		log.Print(err)
	}
}
