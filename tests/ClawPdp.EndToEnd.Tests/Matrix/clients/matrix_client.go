// The client for Go as callers of the fault matrix have it: one process, which reads a question a line and answers each with a line.
//
// A question is `ID VERB ADDRESS FILE`, parted by tabs; the answer is `ID ANSWER`. Clients are kept by their file, as an agent keeps its own.
package main

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"math"
	"os"
	"strings"
	"sync"
	"time"

	clawpdp "github.com/clawpdp/clawpdp/clients/go"
	pb "github.com/clawpdp/clawpdp/clients/go/clawpdpv1"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

const (
	tool    = "github"
	timeout = 2 * time.Second
)

// The names of the statuses as every language but Go spells them.
var names = map[codes.Code]string{
	codes.Canceled: "CANCELLED", codes.Unknown: "UNKNOWN", codes.DeadlineExceeded: "DEADLINE_EXCEEDED", codes.ResourceExhausted: "RESOURCE_EXHAUSTED",
	codes.Internal: "INTERNAL", codes.Unavailable: "UNAVAILABLE",
}

var (
	clients = map[string]*clawpdp.Client{}
	lock    sync.Mutex
)

func source(path string) func(context.Context) (string, error) {
	return func(context.Context) (string, error) {
		text, err := os.ReadFile(path)
		return string(text), err
	}
}

func kept(address, path string) (*clawpdp.Client, error) {
	lock.Lock()
	defer lock.Unlock()
	if clients[path] == nil {
		client, err := clawpdp.New(clawpdp.Options{Address: address, TokenSource: source(path), Timeout: timeout})
		if err != nil {
			return nil, err
		}
		clients[path] = client
	}
	return clients[path], nil
}

func words(decision clawpdp.Decision) string {
	if decision.Allowed {
		return "ALLOWED"
	}
	return decision.Reason
}

func ask(address, path string) (string, error) {
	client, err := kept(address, path)
	if err != nil {
		return "", err
	}
	return words(client.Authorize(context.Background(), clawpdp.Action{Tool: tool})), nil
}

func issue(address, path string) (string, error) {
	client, err := kept(address, path)
	if err != nil {
		return "", err
	}
	idToken, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Second)
	defer cancel()
	request := &pb.IssueCstRequest{Credential: &pb.IssueCstRequest_IdToken{IdToken: string(idToken)}, AgentDid: os.Getenv("AGENT_DID"), Audiences: []string{"clawpdp"}}
	answer, err := pb.NewTokenServiceClient(client.Conn()).IssueCst(ctx, request)
	if err != nil {
		return names[status.Code(err)], nil
	}
	if answer.GetIssued() != nil {
		return "ISSUED", nil
	}
	return strings.TrimPrefix(answer.GetRefusal().GetReasonCode().String(), "REASON_CODE_"), nil
}

func drop(_, path string) (string, error) {
	lock.Lock()
	defer lock.Unlock()
	if client := clients[path]; client != nil {
		delete(clients, path)
		return "dropped", client.Close()
	}
	return "dropped", nil
}

// once asks by a client of its own.
func once(address, path string, action clawpdp.Action, change func(*clawpdp.Options)) (string, error) {
	options := clawpdp.Options{Address: address, TokenSource: source(path), Timeout: timeout}
	change(&options)
	client, err := clawpdp.New(options)
	if err != nil {
		return "refused", nil
	}
	defer client.Close()
	return words(client.Authorize(context.Background(), action)), nil
}

func answer(verb, address, path string) (string, error) {
	same := func(*clawpdp.Options) {}
	action := clawpdp.Action{Tool: tool}
	switch verb {
	case "ask":
		return ask(address, path)
	case "issue":
		return issue(address, path)
	case "drop":
		return drop(address, path)
	case "fresh":
		return once(address, path, action, same)
	case "no-token":
		return once(address, path, action, func(options *clawpdp.Options) {
			options.TokenSource = func(context.Context) (string, error) { return "", errors.New("no token today") }
		})
	case "no-json":
		action.Args = map[string]float64{"number": math.NaN()}
		return once(address, path, action, same)
	case "too-large":
		return once(address, path, clawpdp.Action{Tool: strings.Repeat("x", 5<<20)}, same)
	case "no-time":
		return once(address, path, action, func(options *clawpdp.Options) { options.Timeout = time.Nanosecond })
	case "closed":
		client, err := clawpdp.New(clawpdp.Options{Address: address, TokenSource: source(path)})
		if err != nil {
			return "", err
		}
		_ = client.Close()
		return words(client.Authorize(context.Background(), action)), nil
	case "elsewhere":
		return once("192.0.2.1:7080", path, action, same)
	case "untrusted":
		return once(address, path, action, func(options *clawpdp.Options) { options.TLS = &tls.Config{MinVersion: tls.VersionTLS12} })
	default:
		return "", errors.New("unknown verb")
	}
}

func main() {
	var writing sync.Mutex
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		parts := strings.Split(lines.Text(), "\t")
		go func() {
			said, err := answer(parts[1], parts[2], parts[3])
			if err != nil {
				said = "raised " + err.Error()
			}
			writing.Lock()
			defer writing.Unlock()
			fmt.Printf("%s\t%s\n", parts[0], said)
		}()
	}
}
