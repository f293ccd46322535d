// Command quickstart asks, acts and reports, against `clawpdp demo --dir DIR`: go run ./examples/quickstart DIR/alice.cst
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"strings"

	clawpdp "github.com/clawpdp/clawpdp/clients/go"
)

func main() {
	token, err := os.ReadFile(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	client, err := clawpdp.New(clawpdp.Options{Token: strings.TrimSpace(string(token))})
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()
	ctx := context.Background()

	err = client.Guard(ctx, clawpdp.Action{Tool: "github", Args: map[string]string{"title": "A bug"}}, func(context.Context) error {
		fmt.Println("created 1")
		return nil
	})
	if err != nil {
		log.Fatal(err)
	}

	model := clawpdp.Action{Model: "gpt-4o", Provider: "openai", Args: map[string]string{"prompt": "Say hello"}}
	err = client.Act(ctx, model, func(_ context.Context, acting *clawpdp.Acting) error {
		acting.Result, acting.TokensInput = "hello", 12
		return nil
	})
	if err != nil {
		log.Fatal(err)
	}

	fmt.Println(client.Authorize(ctx, clawpdp.Action{Tool: "splunk"}).Err())
}
