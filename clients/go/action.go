package clawpdp

import (
	"time"

	pb "github.com/clawpdp/clawpdp/clients/go/clawpdpv1"
)

// Action is one thing to be asked about: a tool, a model or a host, or several of them, each of which must be allowed. The
// fields mean what those of clawpdp.v1.AuthorizeRequest mean.
type Action struct {
	Tool, Model, Host, Provider string
	// Args are the arguments, of which only the digest is sent; nil: none are stated. They must not change until the receipt
	// is signed.
	Args interface{}
	// ArgsHash is the digest of the arguments, where they are hashed already; Args then does not count.
	ArgsHash string
	// RunID is the run; empty: the client's own.
	RunID      string
	PolicyHash string
	EventHash  string
	Context    map[string]string
	Approvals  [][]byte
	Audience   string
	RequestID  string
	// Effect, if it is set, makes the receipt one of a side effect on Target, or on the host.
	Effect pb.EffectClass
	Target string
}

// Report is what came of an action, for its receipt.
type Report struct {
	// Status unspecified: success.
	Status pb.ResultStatus
	// Result is the result, of which only the digest is sent; nil is the JSON value null.
	Result interface{}
	// ResultHash is the digest of the result, where it is hashed already; Result then does not count.
	ResultHash string
	// Latency is how long it took; cut to what a receipt holds.
	Latency                   time.Duration
	TokensInput, TokensOutput uint32
	BytesWritten              *uint64
}

const (
	latencyMsMax      = 1<<32 - 1
	modelLatencyMsMax = 3_600_000
)

func (a Action) argsHash() (string, error) {
	if a.ArgsHash != "" || a.Args == nil {
		return a.ArgsHash, nil
	}
	return Digest(a.Args)
}

func (a Action) runID(fallback string) string {
	if a.RunID != "" {
		return a.RunID
	}
	return fallback
}

func (a Action) question(token, runID string) (*pb.AuthorizeRequest, error) {
	args, err := a.argsHash()
	return &pb.AuthorizeRequest{
		Cst: token, Tool: a.Tool, Model: a.Model, Host: a.Host, Provider: a.Provider, PolicyHash: a.PolicyHash, RunId: a.runID(runID),
		EventHashB64U: a.EventHash, ArgsHashB64U: args, Context: a.Context, Approvals: a.Approvals, Audience: a.Audience, RequestId: a.RequestID,
	}, err
}

// receipt gives the request to sign with, of the kind that the action is of.
func (a Action) receipt(report Report, decisionID, token, runID, nonce string) (*pb.SignReceiptRequest, error) {
	asked, err := a.argsHash()
	if err == nil && asked == "" {
		asked, err = Digest(nil)
	}
	if err != nil {
		return nil, err
	}
	answered := report.ResultHash
	if answered == "" {
		if answered, err = Digest(report.Result); err != nil {
			return nil, err
		}
	}
	status := report.Status
	if status == pb.ResultStatus_RESULT_STATUS_UNSPECIFIED {
		status = pb.ResultStatus_RESULT_STATUS_SUCCESS
	}
	request := &pb.SignReceiptRequest{
		Cst: token, RunId: a.runID(runID), Nonce: nonce, DecisionId: decisionID, PolicyHash: a.PolicyHash, EventHashB64U: a.EventHash, Context: a.Context, Audience: a.Audience,
	}
	switch {
	case a.Effect != 0 || (a.Tool == "" && a.Model == ""):
		effect := &pb.SideEffect{
			EffectClass: a.Effect, Host: a.Host, ToolName: a.Tool, RequestHashB64U: asked, ResponseHashB64U: answered,
			ResponseStatus: status, LatencyMs: milliseconds(report.Latency, latencyMsMax), BytesWritten: report.BytesWritten,
		}
		if effect.EffectClass == 0 {
			effect.EffectClass = pb.EffectClass_EFFECT_CLASS_NETWORK_EGRESS
		}
		if a.Target != "" {
			effect.Target = &pb.SideEffect_TargetText{TargetText: a.Target}
		}
		request.Receipt = &pb.SignReceiptRequest_SideEffect{SideEffect: effect}
	case a.Tool != "":
		request.Receipt = &pb.SignReceiptRequest_ToolCall{ToolCall: &pb.ToolCall{
			ToolName: a.Tool, ArgsHashB64U: asked, ResultHashB64U: answered, ResultStatus: status, LatencyMs: milliseconds(report.Latency, latencyMsMax),
		}}
	default:
		request.Receipt = &pb.SignReceiptRequest_ModelCall{ModelCall: &pb.ModelCall{
			Provider: a.Provider, Model: a.Model, RequestHashB64U: asked, ResponseHashB64U: answered,
			TokensInput: report.TokensInput, TokensOutput: report.TokensOutput, LatencyMs: milliseconds(report.Latency, modelLatencyMsMax),
		}}
	}
	return request, nil
}

func milliseconds(latency time.Duration, max int64) uint32 {
	taken := latency.Milliseconds()
	if taken < 0 {
		return 0
	}
	if taken > max {
		taken = max
	}
	return uint32(taken)
}
