package clawpdp

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"
	"time"

	pb "github.com/clawpdp/clawpdp/clients/go/clawpdpv1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"
)

var background = context.Background()

// newPair gives a peer that allows github and denies splunk, and its client.
func newPair(t *testing.T, options Options) (*peer, *Client) {
	t.Helper()
	peer := startPeer(t, "127.0.0.1:0")
	peer.steps["github"], peer.steps["splunk"] = peerOf(t, "allow"), peerOf(t, "deny")
	options.Address = peer.address
	return peer, newClient(t, options)
}

func encoded(t *testing.T, message proto.Message) step {
	t.Helper()
	bytes, err := proto.Marshal(message)
	must(t, err)
	text := base64.StdEncoding.EncodeToString(bytes)
	return step{Answer: &text}
}

func newCachedPair(t *testing.T) (*peer, *Client) {
	t.Helper()
	peer, client := newPair(t, Options{Cache: 8})
	bytes, err := base64.StdEncoding.DecodeString(*peerOf(t, "allow")[0].Answer)
	must(t, err)
	answer := &pb.AuthorizeResponse{}
	must(t, proto.Unmarshal(bytes, answer))
	answer.DecidedAt, answer.CacheableUntil = timestamppb.Now(), timestamppb.New(time.Now().Add(time.Minute))
	peer.steps["github"] = []step{encoded(t, answer)}
	client.Authorize(background, Action{Tool: "github"})
	follow(t, peer, client, 7)
	return peer, client
}

// follow tells an epoch until it is heard: the stream is opened by the first question, and what is told before is lost.
func follow(t *testing.T, peer *peer, client *Client, epoch uint64) {
	t.Helper()
	until(t, func() bool {
		if client.cache.Epoch() == epoch {
			return true
		}
		peer.tellEpoch(epoch)
		return false
	}, "the epoch")
}

func TestNew_AddressFromEnvironment_IsUsed(t *testing.T) {
	peer, _ := newPair(t, Options{})
	t.Setenv("CLAWPDP_ADDRESS", peer.address)
	t.Setenv("HTTP_PROXY", "http://127.0.0.1:1")
	t.Setenv("HTTPS_PROXY", "http://127.0.0.1:1")
	equal(t, "allowed", newClient(t, Options{}).Authorize(background, Action{Tool: "github"}).Allowed, true)
}

func TestNew_AddressThatIsNone_Fails(t *testing.T) {
	for _, address := range []string{"127.0.0.1", "http://127.0.0.1:7080", ":7080", "unix:", "host:port", "192.0.2.1:7080", "sidecar:7080"} {
		if _, err := New(Options{Address: address}); err == nil {
			t.Error(address)
		}
	}
	for _, options := range []Options{{Address: "192.0.2.1:7080", Cleartext: true}, {Address: "[::1]:7080"}, {Address: "unix:/run/x.sock"}} {
		newClient(t, options)
	}
}

func TestAuthorize_PeerComesBack_ConnectsAgain(t *testing.T) {
	address := listen(t, "none")
	client := newClient(t, Options{Address: address})
	ask := func() Decision { return client.Authorize(background, Action{Tool: "github"}) }
	equal(t, "reason", ask().Reason, "CLIENT_UNAVAILABLE")
	for round := 0; round < 2; round++ {
		peer := startPeer(t, address)
		peer.steps["github"] = peerOf(t, "allow")
		until(t, func() bool { return ask().Allowed }, "the peer")
		peer.server.Stop()
		equal(t, "reason", ask().Reason, "CLIENT_UNAVAILABLE")
	}
}

func TestAuthorize_TLS_NeedsACertificateOfATrustedSigner(t *testing.T) {
	folder := os.Getenv("SUITE_TLS")
	if folder == "" {
		t.Skip("SUITE_TLS names no certificate; clients/test.sh makes one")
	}
	certificate, err := tls.LoadX509KeyPair(folder+"/cert.pem", folder+"/key.pem")
	must(t, err)
	text, err := os.ReadFile(folder + "/cert.pem")
	must(t, err)
	trusted := x509.NewCertPool()
	trusted.AppendCertsFromPEM(text)
	peer := startPeer(t, "127.0.0.1:0", grpc.Creds(credentials.NewServerTLSFromCert(&certificate)))
	peer.steps["github"] = peerOf(t, "allow")
	for _, row := range []struct {
		secure *tls.Config
		reason string
	}{{&tls.Config{RootCAs: trusted, MinVersion: tls.VersionTLS12}, "ALLOWED"}, {&tls.Config{MinVersion: tls.VersionTLS12}, "CLIENT_UNAVAILABLE"}, {nil, "CLIENT_UNAVAILABLE"}} {
		client := newClient(t, Options{Address: peer.address, TLS: row.secure})
		equal(t, "reason", client.Authorize(background, Action{Tool: "github"}).Reason, row.reason)
	}
}

func TestAuthorize_Closed_Denies(t *testing.T) {
	for _, options := range []Options{{}, {Cache: 8}} {
		_, client := newPair(t, options)
		must(t, client.Close())
		equal(t, "reason", client.Authorize(background, Action{Tool: "github"}).Reason, "CLIENT_UNAVAILABLE")
	}
}

func TestAuthorize_Cancelled_Denies(t *testing.T) {
	_, client := newPair(t, Options{})
	ctx, cancel := context.WithCancel(background)
	cancel()
	equal(t, "reason", client.Authorize(ctx, Action{Tool: "github"}).Reason, "CLIENT_CANCELLED")
}

func TestAuthorize_CancelledForTheToken_IsNoLackOfAToken(t *testing.T) {
	ctx, cancel := context.WithCancel(background)
	_, client := newPair(t, Options{TokenSource: func(asked context.Context) (string, error) {
		cancel()
		<-asked.Done()
		return "", asked.Err()
	}})
	equal(t, "reason", client.Authorize(ctx, Action{Tool: "github"}).Reason, "CLIENT_CANCELLED")
	_, err := client.SignReceipt(ctx, Action{Tool: "github"}, Decision{}, Report{}, "")
	failure := &ReceiptError{}
	if !errors.As(err, &failure) || failure.Reason != "CLIENT_CANCELLED" {
		t.Fatalf("error: %v", err)
	}
}

func TestAuthorize_NoToken_Denies(t *testing.T) {
	_, client := newPair(t, Options{TokenSource: func(context.Context) (string, error) { return "", errors.New(secretToken) }})
	decision := client.Authorize(background, Action{Tool: "github"})
	equal(t, "reason", decision.Reason, "CLIENT_TOKEN")
	if strings.Contains(fmt.Sprintf("%+v", decision), secretToken) {
		t.Error("the token can be seen")
	}
}

func TestAuthorize_QuestionThatCannotBeSent_Denies(t *testing.T) {
	_, client := newPair(t, Options{})
	for _, action := range []Action{{Tool: "\xff"}, {Tool: "github", Args: make(chan int)}, {Tool: "github", Args: "\xff"}} {
		equal(t, "reason", client.Authorize(background, action).Reason, "CLIENT_REQUEST_INVALID")
	}
}

func TestFormat_OfWhatHoldsAToken_ShowsNone(t *testing.T) {
	peer, client := newPair(t, Options{})
	peer.receiptSteps = []step{{Status: "INTERNAL", Details: "$TOKEN"}}
	err := client.Guard(background, Action{Tool: "github"}, func(context.Context) error { return nil })
	for _, value := range []interface{}{client, Options{Token: secretToken}, &Options{Token: secretToken}, err} {
		for _, format := range []string{"%v", "%+v", "%#v", "%s"} {
			if strings.Contains(fmt.Sprintf(format, value), secretToken) {
				t.Errorf("%s of %T shows the token", format, value)
			}
		}
	}
}

func TestDigest_ValueThatJSONWouldChange_Fails(t *testing.T) {
	for _, value := range []interface{}{"\xff", map[string]int{"\xff": 1}, int64(1)<<53 + 1, uint64(math.MaxUint64), math.NaN(), math.Inf(1), func() {}, json.RawMessage(`{"a":1,"a":2}`)} {
		if digest, err := Digest(value); !errors.Is(err, ErrDigest) || digest != "" {
			t.Errorf("%T: %q, %v", value, digest, err)
		}
	}
	for _, value := range []interface{}{"\ufffd", 1e20, 123456789012345680000.0, int64(1)<<53 - 1, -0.5, math.Copysign(0, -1), "\\ufffd"} {
		_, err := Digest(value)
		must(t, err)
	}
}

func TestCache_OfAClient_FollowsTheEpoch(t *testing.T) {
	peer, client := newCachedPair(t)
	asked := peer.count("github")
	ask := func(args interface{}) bool {
		return client.Authorize(background, Action{Tool: "github", Args: args, Context: map[string]string{"b": "1", "a": "2"}}).Cached
	}
	equal(t, "cached", []bool{ask(nil), ask(nil), ask(1)}, []bool{false, true, false})
	equal(t, "asked", peer.count("github"), asked+2)
	follow(t, peer, client, 8)
	equal(t, "an answer of epoch 7 is not kept under 8", []bool{ask(nil), ask(nil)}, []bool{false, false})
}

func TestCache_StreamEnds_IsDropped(t *testing.T) {
	peer, client := newCachedPair(t)
	client.Authorize(background, Action{Tool: "github"})
	equal(t, "cached", client.Authorize(background, Action{Tool: "github"}).Cached, true)
	peer.tellEpoch(0)
	until(t, func() bool { return client.cache.Epoch() == 0 }, "the end of the stream")
	equal(t, "cached", client.Authorize(background, Action{Tool: "github"}).Cached, false)
	follow(t, peer, client, 7)
}

func TestCache_AnswerToAnApproval_IsNotKept(t *testing.T) {
	_, client := newCachedPair(t)
	action := Action{Tool: "github", Approvals: [][]byte{[]byte("{}")}}
	client.Authorize(background, action)
	equal(t, "cached", client.Authorize(background, action).Cached, false)
}

func TestSignReceipt_Transient_TriesAgainWithTheSameNonce(t *testing.T) {
	peer, client := newPair(t, Options{})
	peer.receiptSteps = []step{{Status: "UNAVAILABLE"}, {Status: "RESOURCE_EXHAUSTED", Trailers: map[string]string{"grpc-retry-pushback-ms": "1"}}}
	action := Action{Tool: "github", Args: map[string]int{"a": 1}}
	receipt, err := client.SignReceipt(background, action, client.Authorize(background, action), Report{Result: []int{1}}, "")
	must(t, err)
	equal(t, "receipt", receipt.ReceiptId, "rcpt-1")
	equal(t, "tries", len(peer.receipts), 3)
	equal(t, "equal", proto.Equal(peer.receipts[0], peer.receipts[2]), true)
	args, _ := DigestJSON([]byte(`{"a":1}`))
	result, _ := DigestJSON([]byte(`[1]`))
	call := peer.receipts[0].GetToolCall()
	equal(t, "hashes", []string{call.ArgsHashB64U, call.ResultHashB64U}, []string{args, result})
}

func TestSignReceipt_Failures_AreTold(t *testing.T) {
	peer, client := newPair(t, Options{})
	refusal := &pb.Refusal{ReasonCode: pb.ReasonCode_REASON_CODE_RUN_FINISHED, ReasonClass: pb.ReasonClass_REASON_CLASS_STRUCTURAL}
	refused := encoded(t, &pb.SignReceiptResponse{Outcome: &pb.SignReceiptResponse_Refusal{Refusal: refusal}})
	wrong := encoded(t, &pb.SignReceiptResponse{Outcome: &pb.SignReceiptResponse_Receipt{Receipt: &pb.SignedReceipt{ReceiptId: "r", Nonce: "other", EnvelopeJson: []byte("{}")}}})
	down := step{Status: "UNAVAILABLE"}
	for _, row := range []struct {
		steps  []step
		reason string
		tries  int
	}{{[]step{refused}, "RUN_FINISHED", 1}, {[]step{{}}, "CLIENT_PROTOCOL", 1}, {[]step{wrong}, "CLIENT_PROTOCOL", 1}, {[]step{down, down, down}, "CLIENT_UNAVAILABLE", 3}} {
		peer.receipts, peer.receiptSteps = nil, row.steps
		_, err := client.SignReceipt(background, Action{Tool: "github"}, client.Authorize(background, Action{Tool: "github"}), Report{}, "")
		var told *ReceiptError
		equal(t, "is told", errors.As(err, &told), true)
		equal(t, "reason", told.Reason, row.reason)
		equal(t, "tries", len(peer.receipts), row.tries)
	}
}
