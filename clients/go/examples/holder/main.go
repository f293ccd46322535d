// Command holder acts with a token that nobody else can use, against `clawpdp demo --dir DIR`; `clawpdp holder-key new --out KEY` makes
// the key: go run ./examples/holder DIR/alice.cst KEY
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"strings"

	clawpdp "github.com/clawpdp/clawpdp/clients/go"
	pb "github.com/clawpdp/clawpdp/clients/go/clawpdpv1"
)

func main() {
	text, err := os.ReadFile(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	parent := strings.TrimSpace(string(text))
	if text, err = os.ReadFile(os.Args[2]); err != nil {
		log.Fatal(err)
	}

	key, err := clawpdp.ParseHolderKey(text)
	if err != nil {
		log.Fatal(err)
	}
	bound, err := issue(parent, key)
	if err != nil {
		log.Fatal(err)
	}
	ask("with the key:", clawpdp.Options{Token: bound, HolderKey: key})
	ask("without it:", clawpdp.Options{Token: bound})
}

func issue(parent string, key *clawpdp.HolderKey) (string, error) {
	client, err := clawpdp.New(clawpdp.Options{Token: parent})
	if err != nil {
		return "", err
	}
	defer client.Close()
	answer, err := pb.NewTokenServiceClient(client.Conn()).IssueCst(context.Background(), &pb.IssueCstRequest{
		Credential: &pb.IssueCstRequest_ParentCst{ParentCst: parent},
		AgentDid:   "did:key:z6MktwupdmLXVVqTzCw4i46r4uGyosGXRnR3XjN4Zq7oMMsw",
		Audiences:  []string{"clawpdp"},
		Holder:     &pb.TokenHolder{Holder: &pb.TokenHolder_JwkThumbprint{JwkThumbprint: key.Thumbprint()}},
	})
	if err == nil && answer.GetIssued() == nil {
		err = fmt.Errorf("refused: %s", answer.GetRefusal().GetMessage())
	}
	return answer.GetIssued().GetCst(), err
}

func ask(words string, options clawpdp.Options) {
	client, err := clawpdp.New(options)
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()
	fmt.Println(words, client.Authorize(context.Background(), clawpdp.Action{Tool: "github"}).Reason)
}
