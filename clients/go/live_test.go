package clawpdp

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	pb "github.com/clawpdp/clawpdp/clients/go/clawpdpv1"
)

// newLive gives a client of a real sidecar: `clawpdp demo`, whose address, socket and token the environment names (clients/test.sh does).
func newLive(t *testing.T, options Options) *Client {
	t.Helper()
	if os.Getenv("SUITE_ADDRESS") == "" {
		t.Skip("SUITE_ADDRESS names no sidecar; clients/test.sh starts one")
	}
	token, err := os.ReadFile(os.Getenv("SUITE_TOKEN_FILE"))
	must(t, err)
	if options.Address == "" {
		options.Address = os.Getenv("SUITE_ADDRESS")
	}
	if options.Token == "" {
		options.Token = strings.TrimSpace(string(token))
	}
	options.DurableTimeout = 20 * time.Second
	return newClient(t, options)
}

func TestLive_Allow(t *testing.T) {
	for _, address := range []string{"", "unix:" + os.Getenv("SUITE_SOCKET")} {
		decision := newLive(t, Options{Address: address}).Authorize(background, Action{Tool: "github", Model: "gpt-4o", Provider: "openai", Host: "api.github.com", Args: []int{1}})
		must(t, decision.Err())
		equal(t, "policy hash", len(decision.PolicyHash), 43)
		equal(t, "cacheable", decision.CacheableUntil.After(decision.DecidedAt), true)
	}
}

func TestLive_Denials(t *testing.T) {
	client := newLive(t, Options{})
	for _, row := range []struct {
		action        Action
		reason, class string
	}{
		{Action{Tool: "splunk"}, "TOOL_NOT_ALLOWED", Requestable},
		{Action{Host: "evil.example"}, "EGRESS_NOT_ALLOWED", Requestable},
		{Action{Model: "gpt-4o"}, "POLICY_PROVIDER_NOT_ALLOWED", Structural},
		{Action{Tool: "github", PolicyHash: strings.Repeat("A", 43)}, "POLICY_HASH_MISMATCH", Reissue},
		{Action{}, "CLIENT_REQUEST_INVALID", Structural},
		{Action{Tool: strings.Repeat("x", 300)}, "CLIENT_REQUEST_INVALID", Structural},
		{Action{Tool: strings.Repeat("x", 5_000_000)}, "CLIENT_LIMIT", Structural},
	} {
		decision := client.Authorize(background, row.action)
		equal(t, "denial", []interface{}{decision.Allowed, decision.Reason, decision.ReasonClass}, []interface{}{false, row.reason, row.class})
	}
}

func TestLive_OtherTokens_Deny(t *testing.T) {
	for token, reason := range map[string]string{"x": "TOKEN_MALFORMED", "a.b.c": "TOKEN_MALFORMED"} {
		equal(t, "reason", newLive(t, Options{Token: token}).Authorize(background, Action{Tool: "github"}).Reason, reason)
	}
	none := func(context.Context) (string, error) { return "", nil }
	equal(t, "reason", newLive(t, Options{TokenSource: none}).Authorize(background, Action{Tool: "github"}).Reason, "TOKEN_REQUIRED")
}

func TestLive_Receipts(t *testing.T) {
	client := newLive(t, Options{})
	for _, action := range []Action{
		{Tool: "github", Args: map[string]string{"repo": "claw"}}, {Model: "gpt-4o", Provider: "openai", Args: "hello"}, {Host: "api.github.com", Args: "hello"},
		{Tool: "github", Effect: pb.EffectClass_EFFECT_CLASS_FILESYSTEM_WRITE, Target: "/tmp/x"},
		{Tool: "github", Host: "api.github.com", Effect: pb.EffectClass_EFFECT_CLASS_EXTERNAL_API_WRITE, Args: []int{1}},
	} {
		var kept *Acting
		must(t, client.Act(background, action, func(_ context.Context, acting *Acting) error {
			kept, acting.Result = acting, map[string]bool{"done": true}
			return nil
		}))
		equal(t, "decision", kept.Receipt.DecisionId, kept.Decision.DecisionID)
		var envelope struct {
			Hash string `json:"payload_hash_b64u"`
		}
		must(t, json.Unmarshal(kept.Receipt.EnvelopeJson, &envelope))
		equal(t, "hash", envelope.Hash, kept.Receipt.PayloadHashB64U)
		again, err := client.SignReceipt(background, kept.Action, kept.Decision, kept.Report, kept.Receipt.Nonce)
		must(t, err)
		equal(t, "the same again", string(again.EnvelopeJson), string(kept.Receipt.EnvelopeJson))
	}
}

func TestLive_Guard_Denied(t *testing.T) {
	var denied *DeniedError
	err := newLive(t, Options{}).Guard(background, Action{Tool: "splunk"}, func(context.Context) error { t.Error("done"); return nil })
	equal(t, "is denied", errors.As(err, &denied), true)
}

func TestLive_Cache_UntilARevocation(t *testing.T) {
	client, action := newLive(t, Options{Cache: 64}), Action{Tool: "terraform"}
	until(t, func() bool { return client.Authorize(background, action).Cached }, "an answer that is kept")
	epoch := client.Authorize(background, action).Epoch
	revoked, err := pb.NewTokenServiceClient(client.Conn()).RevokeCst(background, &pb.RevokeCstRequest{Target: &pb.RevokeCstRequest_Jti{Jti: "of-nobody-" + client.RunID()}})
	must(t, err)
	equal(t, "revoked", revoked.GetRevocation() != nil, true)
	until(t, func() bool { return client.Authorize(background, action).Epoch != epoch }, "another epoch")
}

func TestLive_Example(t *testing.T) {
	newLive(t, Options{})
	example := exec.Command(os.Getenv("SUITE_EXAMPLE"), os.Getenv("SUITE_TOKEN_FILE"))
	example.Env = append(os.Environ(), "CLAWPDP_ADDRESS="+os.Getenv("SUITE_ADDRESS"))
	output, err := example.CombinedOutput()
	if err != nil || !strings.Contains(string(output), "denied: TOOL_NOT_ALLOWED (requestable)") || !strings.Contains(string(output), "created 1") {
		t.Fatalf("%v: %s", err, output)
	}
}
