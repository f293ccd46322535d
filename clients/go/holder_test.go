package clawpdp

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	pb "github.com/clawpdp/clawpdp/clients/go/clawpdpv1"
)

const emptyHash = "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"

// vectorKey is the key of the vectors' proofs.
func vectorKey(t *testing.T) *HolderKey {
	t.Helper()
	key, err := ParseHolderKey([]byte(readVectors(t).Keys[0].Key))
	must(t, err)
	return key
}

func newKey(t *testing.T) *HolderKey {
	t.Helper()
	_, private, err := ed25519.GenerateKey(rand.Reader)
	must(t, err)
	key, err := NewHolderKey(private)
	must(t, err)
	return key
}

func newCurveKey(t *testing.T) (*HolderKey, *ecdsa.PrivateKey) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	key, err := NewHolderKey(private)
	must(t, err)
	return key, private
}

func TestHolderKeys(t *testing.T) {
	for _, row := range readVectors(t).Keys {
		row := row
		t.Run(row.Name, func(t *testing.T) {
			key, err := ParseHolderKey([]byte(row.Key))
			if row.Refused {
				equal(t, "refused", errors.Is(err, ErrHolderKey) && key == nil, true)
				return
			}
			must(t, err)
			equal(t, "thumbprint", key.Thumbprint(), row.Thumbprint)
		})
	}
}

func TestHolderProofs(t *testing.T) {
	for _, row := range readVectors(t).Proofs {
		row := row
		t.Run(row.Name, func(t *testing.T) {
			key, err := ParseHolderKey([]byte(row.Key))
			must(t, err)
			proof, err := key.prove(row.Method, row.Target, row.Token, row.Jti, row.Iat)
			must(t, err)
			equal(t, "proof", proof, row.Proof)
		})
	}
}

func TestNewHolderKey_OfAnotherKind_IsRefused(t *testing.T) {
	other, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	must(t, err)
	for _, signer := range []crypto.Signer{nil, other, ed25519.PrivateKey("short")} {
		_, err := NewHolderKey(signer)
		equal(t, "refused", errors.Is(err, ErrHolderKey), true)
	}
}

func TestHolderKey_OfP256_SignsWhatVerifies(t *testing.T) {
	key, private := newCurveKey(t)
	for count := 0; count < 20; count++ {
		proof, err := key.Proof("POST", "http://localhost/x", "")
		must(t, err)
		end := strings.LastIndexByte(proof, '.')
		signature, err := b64.DecodeString(proof[end+1:])
		must(t, err)
		sum := sha256.Sum256([]byte(proof[:end]))
		equal(t, "verifies", len(signature) == 64 && ecdsa.Verify(&private.PublicKey, sum[:], new(big.Int).SetBytes(signature[:32]), new(big.Int).SetBytes(signature[32:])), true)
	}
}

func TestHolderKey_ShowsNothingSecret(t *testing.T) {
	secret := "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"
	key := vectorKey(t)
	for _, shown := range []interface{}{key, Options{HolderKey: key}, newClient(t, Options{HolderKey: key})} {
		for _, format := range []string{"%v", "%+v", "%#v", "%s"} {
			equal(t, "secret", strings.Contains(fmt.Sprintf(format, shown), secret), false)
		}
	}
}

// failing is a signer that says what nobody may see.
type failing struct{ ed25519.PrivateKey }

func (failing) Sign(io.Reader, []byte, crypto.SignerOpts) ([]byte, error) {
	return nil, errors.New("pin 1234")
}

func TestHolderKey_ThatCannotSign_IsADenial(t *testing.T) {
	_, private, err := ed25519.GenerateKey(rand.Reader)
	must(t, err)
	key, err := NewHolderKey(failing{private})
	must(t, err)
	peer, client := newPair(t, Options{HolderKey: key})
	decision := client.Authorize(background, Action{Tool: "github"})
	equal(t, "denial", []interface{}{decision.Allowed, decision.Reason, decision.ReasonClass}, []interface{}{false, "CLIENT_PROOF", Structural})
	equal(t, "told", strings.Contains(fmt.Sprint(decision.Err()), "1234"), false)
	_, err = client.SignReceipt(background, Action{Tool: "github"}, decision, Report{}, "")
	var failure *ReceiptError
	equal(t, "receipt", errors.As(err, &failure) && failure.Reason == "CLIENT_PROOF", true)
	equal(t, "calls", len(peer.proofs), 0)
}

func TestHolderKey_Calls_CarryProofs(t *testing.T) {
	peer, client := newPair(t, Options{HolderKey: vectorKey(t), Token: "token-1"})
	peer.steps["twice"] = peerOf(t, "unavailable-then-allow")
	decision := client.Authorize(background, Action{Tool: "github"})
	_, err := client.SignReceipt(background, Action{Tool: "github"}, decision, Report{}, "")
	must(t, err)
	must(t, client.Authorize(background, Action{Tool: "twice"}).Err())
	equal(t, "calls", len(peer.proofs), 4)
	seen := map[string]bool{}
	for index, proofs := range peer.proofs {
		equal(t, "proofs", len(proofs), 1)
		seen[proofs[0]] = true
		var claims struct{ Htu, Ath string }
		text, err := b64.DecodeString(strings.Split(proofs[0], ".")[1])
		must(t, err)
		must(t, json.Unmarshal(text, &claims))
		method := "DecisionService/Authorize"
		if index == 1 {
			method = "ReceiptService/SignReceipt"
		}
		equal(t, "address", claims.Htu, "http://"+peer.address+"/clawpdp.v1."+method)
		equal(t, "token", claims.Ath, sha256Text("token-1"))
	}
	equal(t, "different proofs", len(seen), 4)
}

func TestHolderKey_WithoutKeyOrToken_ThereIsNoProof(t *testing.T) {
	peer, client := newPair(t, Options{})
	client.Authorize(background, Action{Tool: "github"})
	none := func(context.Context) (string, error) { return "", nil }
	newClient(t, Options{Address: peer.address, HolderKey: vectorKey(t), TokenSource: none}).Authorize(background, Action{Tool: "github"})
	equal(t, "proofs", fmt.Sprint(peer.proofs), "[[] []]")
}

func TestHolderKey_Batch_HasAProofForEachTokenUpTo16(t *testing.T) {
	peer, client := newPair(t, Options{HolderKey: vectorKey(t)})
	batch := &pb.AuthorizeBatchRequest{}
	for index := 0; index < 40; index++ {
		batch.Requests = append(batch.Requests, &pb.AuthorizeRequest{Cst: fmt.Sprint("token-", index%20)})
	}
	_, _ = pb.NewDecisionServiceClient(client.Conn()).AuthorizeBatch(background, batch)
	equal(t, "proofs", len(peer.proofs[0]), 16)
}

func issueBound(t *testing.T, parent string, key *HolderKey, options Options) (string, pb.ReasonCode) {
	t.Helper()
	options.Token = parent
	answer, err := pb.NewTokenServiceClient(newLive(t, options).Conn()).IssueCst(background, &pb.IssueCstRequest{
		Credential: &pb.IssueCstRequest_ParentCst{ParentCst: parent}, AgentDid: "did:key:z6MktwupdmLXVVqTzCw4i46r4uGyosGXRnR3XjN4Zq7oMMsw",
		Audiences: []string{"clawpdp"}, Holder: &pb.TokenHolder{Holder: &pb.TokenHolder_JwkThumbprint{JwkThumbprint: key.Thumbprint()}},
	})
	must(t, err)
	return answer.GetIssued().GetCst(), answer.GetRefusal().GetReasonCode()
}

// liveToken gives the demo's own token, which is bound to nobody.
func liveToken(t *testing.T) string {
	t.Helper()
	newLive(t, Options{})
	text, err := os.ReadFile(os.Getenv("SUITE_TOKEN_FILE"))
	must(t, err)
	return strings.TrimSpace(string(text))
}

func liveBound(t *testing.T, key *HolderKey) string {
	t.Helper()
	bound, refused := issueBound(t, liveToken(t), key, Options{})
	equal(t, "refused", refused, pb.ReasonCode_REASON_CODE_UNSPECIFIED)
	return bound
}

func TestLive_Holder_AloneIsAllowed(t *testing.T) {
	key := newKey(t)
	token := liveBound(t, key)
	curve, _ := newCurveKey(t)
	for _, address := range []string{"", "unix:" + os.Getenv("SUITE_SOCKET")} {
		for _, row := range []struct {
			key    *HolderKey
			reason pb.ReasonCode
		}{
			{key, pb.ReasonCode_REASON_CODE_ALLOWED}, {nil, pb.ReasonCode_REASON_CODE_TOKEN_PROOF_REQUIRED},
			{vectorKey(t), pb.ReasonCode_REASON_CODE_TOKEN_PROOF_INVALID}, {curve, pb.ReasonCode_REASON_CODE_TOKEN_PROOF_INVALID},
		} {
			client := newLive(t, Options{Address: address, Token: token, HolderKey: row.key})
			for count := 0; count < 2; count++ {
				equal(t, "reason", "REASON_CODE_"+client.Authorize(background, Action{Tool: "github"}).Reason, row.reason.String())
			}
			stub := pb.NewDecisionServiceClient(client.Conn())
			question := &pb.AuthorizeRequest{Cst: token, Tool: "github"}
			batch, err := stub.AuthorizeBatch(background, &pb.AuthorizeBatchRequest{Requests: []*pb.AuthorizeRequest{question, question}})
			must(t, err)
			stream, err := stub.AuthorizeStream(background)
			must(t, err)
			for count := 0; count < 2; count++ {
				equal(t, "batch", batch.GetResponses()[count].GetReasonCode(), row.reason)
				must(t, stream.Send(&pb.AuthorizeStreamRequest{Request: question}))
				answer, err := stream.Recv()
				must(t, err)
				equal(t, "stream", answer.GetResponse().GetReasonCode(), row.reason)
			}
			must(t, stream.CloseSend())
		}
	}
}

func TestLive_HolderOfP256_IsAllowed(t *testing.T) {
	key, _ := newCurveKey(t)
	must(t, newLive(t, Options{Token: liveBound(t, key), HolderKey: key}).Authorize(background, Action{Tool: "github"}).Err())
}

func TestLive_Holder_AloneGetsReceipts(t *testing.T) {
	key := newKey(t)
	token := liveBound(t, key)
	for _, address := range []string{"", "unix:" + os.Getenv("SUITE_SOCKET")} {
		client := newLive(t, Options{Address: address, Token: token, HolderKey: key})
		must(t, client.Guard(background, Action{Tool: "github", Args: []int{1}}, func(context.Context) error { return nil }))
		_, err := newLive(t, Options{Address: address, Token: token}).SignReceipt(background, Action{Tool: "github"}, Decision{}, Report{}, "")
		var failure *ReceiptError
		equal(t, "refused", errors.As(err, &failure) && failure.Reason == "TOKEN_PROOF_REQUIRED", true)
	}
}

func TestLive_Holder_EveryOtherCall(t *testing.T) {
	key := newKey(t)
	token := liveBound(t, key)
	client := newLive(t, Options{Token: token, HolderKey: key})
	decisions, runs, run := pb.NewDecisionServiceClient(client.Conn()), pb.NewRunServiceClient(client.Conn()), "run-"+randomID()
	explained, err := decisions.Explain(background, &pb.ExplainRequest{Request: &pb.AuthorizeRequest{Cst: token, Tool: "github"}})
	must(t, err)
	equal(t, "explained", explained.GetAnswer().GetReasonCode(), pb.ReasonCode_REASON_CODE_ALLOWED)
	listed, err := decisions.ListAllowed(background, &pb.ListAllowedRequest{Cst: token, Kind: pb.Dimension_DIMENSION_TOOL})
	must(t, err)
	equal(t, "listed", listed.GetAllowed() != nil, true)
	started, err := runs.StartRun(background, &pb.StartRunRequest{Cst: token, RunId: run})
	must(t, err)
	equal(t, "started", started.GetRun() != nil, true)
	appended, err := runs.AppendEvent(background, &pb.AppendEventRequest{Cst: token, RunId: run, EventId: "plan-1", EventType: "plan", PayloadHashB64U: emptyHash})
	must(t, err)
	equal(t, "appended", appended.GetEvent() != nil, true)
	act := &pb.SignReceiptRequest_ToolCall{ToolCall: &pb.ToolCall{ToolName: "github", ArgsHashB64U: emptyHash, ResultHashB64U: emptyHash, ResultStatus: pb.ResultStatus_RESULT_STATUS_SUCCESS}}
	sign := &pb.SignReceiptRequest{Cst: token, RunId: run, Nonce: "n-1", Receipt: act}
	signed, err := pb.NewReceiptServiceClient(client.Conn()).SignReceiptBatch(background, &pb.SignReceiptBatchRequest{Requests: []*pb.SignReceiptRequest{sign}})
	must(t, err)
	equal(t, "signed", signed.GetResponses()[0].GetReceipt() != nil, true)
	finished, err := runs.FinishRun(background, &pb.FinishRunRequest{Cst: token, RunId: run})
	must(t, err)
	equal(t, "finished", finished.GetRun() != nil, true)
	child, _ := issueBound(t, token, key, Options{HolderKey: key})
	equal(t, "child", child != "", true)
	_, refused := issueBound(t, token, key, Options{})
	equal(t, "refused", refused, pb.ReasonCode_REASON_CODE_TOKEN_PROOF_REQUIRED)
}

func TestLive_HolderExample(t *testing.T) {
	newLive(t, Options{})
	file := filepath.Join(t.TempDir(), "key")
	must(t, os.WriteFile(file, []byte(readVectors(t).Keys[0].Key), 0o600))
	example := exec.Command(os.Getenv("SUITE_HOLDER_EXAMPLE"), os.Getenv("SUITE_TOKEN_FILE"), file)
	example.Env = append(os.Environ(), "CLAWPDP_ADDRESS="+os.Getenv("SUITE_ADDRESS"))
	output, err := example.CombinedOutput()
	must(t, err)
	equal(t, "output", string(output), "with the key: ALLOWED\nwithout it: TOKEN_PROOF_REQUIRED\n")
}
