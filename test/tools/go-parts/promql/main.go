// What promtool would say of rules and queries, by the packages it is made of: promtool itself also holds every cloud's service
// discovery. `promql-check rules FILE` reads groups of rules as Prometheus reads them; `promql-check queries FILE` reads a
// JSON list of expressions. Says each mistake on a line of its own and ends with 1 where there is one.
package main

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"os"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/rulefmt"
	"github.com/prometheus/prometheus/promql/parser"
)

func main() {
	if len(os.Args) != 3 {
		fail(fmt.Errorf("usage: promql-check rules|queries FILE"))
	}
	content, err := os.ReadFile(os.Args[2])
	if err != nil {
		fail(err)
	}
	reader := parser.NewParser(parser.Options{})
	if os.Args[1] == "rules" {
		groups, errs := rulefmt.Parse(content, false, model.UTF8Validation, reader, slog.Default())
		fail(errs...)
		count := 0
		for _, group := range groups.Groups {
			count += len(group.Rules)
		}
		fmt.Println(count, "rules")
		return
	}
	var queries []string
	if err := json.Unmarshal(content, &queries); err != nil {
		fail(err)
	}
	for _, query := range queries {
		if _, err := reader.ParseExpr(query); err != nil {
			fmt.Fprintf(os.Stderr, "%s: %v\n", query, err)
			defer os.Exit(1)
		}
	}
	fmt.Println(len(queries), "queries")
}

func fail(errs ...error) {
	for _, err := range errs {
		fmt.Fprintln(os.Stderr, err)
	}
	if len(errs) > 0 {
		os.Exit(1)
	}
}
