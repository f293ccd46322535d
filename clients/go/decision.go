package clawpdp

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	pb "github.com/clawpdp/clawpdp/clients/go/clawpdpv1"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"
)

// The classes of denials: nothing can be done, ask a human, get a new token, ask again later.
const (
	Structural  = "structural"
	Requestable = "requestable"
	Reissue     = "reissue"
	Transient   = "transient"
)

const (
	retryAfterDefault = time.Second
	textMax           = 512
	decisionIDMax     = 64
)

var classes = map[pb.ReasonClass]string{
	pb.ReasonClass_REASON_CLASS_STRUCTURAL:  Structural,
	pb.ReasonClass_REASON_CLASS_REQUESTABLE: Requestable,
	pb.ReasonClass_REASON_CLASS_REISSUE:     Reissue,
	pb.ReasonClass_REASON_CLASS_TRANSIENT:   Transient,
}

var statusReasons = map[codes.Code][2]string{
	codes.Canceled:          {"CLIENT_CANCELLED", Transient},
	codes.DeadlineExceeded:  {"CLIENT_DEADLINE", Transient},
	codes.Unavailable:       {"CLIENT_UNAVAILABLE", Transient},
	codes.ResourceExhausted: {"CLIENT_LIMIT", Structural},
	codes.InvalidArgument:   {"CLIENT_REQUEST_INVALID", Structural},
}

// Decision is the answer to one question. The zero value is a denial.
type Decision struct {
	// Allowed says whether the action may be done.
	Allowed bool
	// Reason is a code of docs/reason-codes.md, or one of the client's own, which begin with CLIENT_ (docs/clients.md).
	Reason string
	// ReasonClass is one of the four classes; empty for an allow.
	ReasonClass string
	// Message is the reason in words, for people only: at most 512 bytes, never a token.
	Message string
	// DecisionID belongs in the receipt of the action; empty where there is none.
	DecisionID string
	// ReasonNumber is the reason as the sidecar gave it; 0 where it gave none.
	ReasonNumber int32
	// RetryAfter is how long to wait before asking again; 0 unless the class is transient.
	RetryAfter time.Duration
	// CacheableUntil is until when the answer may be used again; zero: not at all.
	CacheableUntil time.Time
	// DecidedAt is when it was decided, by the sidecar's clock; zero where it does not say.
	DecidedAt time.Time
	// Epoch names the state that the answer rests on; compare for equality alone.
	Epoch          uint64
	PolicyHash     string
	TokenScopeHash string
	StatementIDs   []string
	// Obligations are what would get another answer, such as an approval.
	Obligations []*pb.Obligation
	// Durable says whether the decision's record was on disk when the answer left.
	Durable bool
	// Status is the gRPC status; anything but OK means that no answer came.
	Status codes.Code
	// Cached: it is the answer to an earlier, equal question, which is still good.
	Cached bool
}

// Err gives nil for an allow, and a *DeniedError otherwise.
func (d Decision) Err() error {
	if d.Allowed {
		return nil
	}
	return &DeniedError{Decision: d}
}

// DeniedError is an action that may not be done.
type DeniedError struct {
	// Decision says why.
	Decision Decision
}

func (e *DeniedError) Error() string {
	return fmt.Sprintf("denied: %s (%s): %s", e.Decision.Reason, e.Decision.ReasonClass, e.Decision.Message)
}

func denial(reason, class, message string) Decision {
	decision := Decision{Reason: reason, ReasonClass: class, Message: message}
	if class == Transient {
		decision.RetryAfter = retryAfterDefault
	}
	return decision
}

func contradiction(message string) Decision {
	return denial("CLIENT_PROTOCOL", Structural, message)
}

// readAnswer reads an answer. What it does not know, or what contradicts itself, is a denial.
func readAnswer(answer *pb.AuthorizeResponse, requestID, secret string) Decision {
	decision := Decision{
		ReasonNumber: int32(answer.GetReasonCode()), DecisionID: cut(answer.GetDecisionId(), decisionIDMax), Epoch: answer.GetEpoch(), PolicyHash: answer.GetPolicyHashB64U(),
		TokenScopeHash: answer.GetTokenScopeHashB64U(), StatementIDs: answer.GetStatementIds(), Obligations: answer.GetObligations(),
		Durable: answer.GetLogMode() == pb.LogMode_LOG_MODE_DURABLE,
	}
	until, isUntil := readTime(answer.GetCacheableUntil())
	decidedAt, isDecidedAt := readTime(answer.GetDecidedAt())
	if answer.GetRequestId() != requestID {
		return contradiction("the answer is to another question")
	}
	switch answer.GetEffect() {
	case pb.Effect_EFFECT_DENY:
		if answer.GetReasonCode() == pb.ReasonCode_REASON_CODE_ALLOWED {
			return contradiction("a denial whose reason is that it is allowed")
		}
		decision.Reason, decision.ReasonClass, decision.RetryAfter = readReason(answer)
		decision.Message, decision.CacheableUntil, decision.DecidedAt = plain(answer.GetMessage(), secret), until, decidedAt
		return decision
	case pb.Effect_EFFECT_ALLOW:
		if fault := allowFault(answer, isUntil && isDecidedAt); fault != "" {
			return contradiction(fault)
		}
		if len(answer.GetObligations()) > 0 {
			decision.Reason, decision.ReasonClass, decision.Message = "CLIENT_OBLIGATION", Structural, "allowed under an obligation that this client cannot fulfil"
			return decision
		}
		decision.Allowed, decision.Reason, decision.CacheableUntil, decision.DecidedAt = true, "ALLOWED", until, decidedAt
		return decision
	default:
		return contradiction("the answer has no effect that is known")
	}
}

func allowFault(answer *pb.AuthorizeResponse, hasTimes bool) string {
	switch {
	case answer.GetReasonCode() != pb.ReasonCode_REASON_CODE_ALLOWED || answer.GetReasonClass() != pb.ReasonClass_REASON_CLASS_UNSPECIFIED:
		return "an allow with the reason of a denial"
	case answer.GetDecisionId() == "" || len(answer.GetDecisionId()) > decisionIDMax:
		return "an allow without a decision id"
	case answer.GetEpoch() == 0:
		return "an allow without an epoch"
	case !hasTimes:
		return "an allow with a time that is none"
	default:
		return ""
	}
}

type reasoned interface {
	GetReasonCode() pb.ReasonCode
	GetReasonClass() pb.ReasonClass
	GetRetryAfter() *durationpb.Duration
}

// readReason gives reason, class and waiting time of a denial or refusal; the class of one that is not known is structural.
func readReason(answer reasoned) (string, string, time.Duration) {
	reason, known := pb.ReasonCode_name[int32(answer.GetReasonCode())]
	if known {
		reason = strings.TrimPrefix(reason, "REASON_CODE_")
	} else {
		reason = fmt.Sprintf("REASON_CODE_%d", answer.GetReasonCode())
	}
	class, known := classes[answer.GetReasonClass()]
	if !known {
		class = Structural
	}
	wait := answer.GetRetryAfter()
	switch {
	case class != Transient:
		return reason, class, 0
	case wait == nil || wait.CheckValid() != nil || wait.AsDuration() < 0:
		return reason, class, retryAfterDefault
	default:
		return reason, class, wait.AsDuration()
	}
}

// readFailure reads a call that gave no answer.
func readFailure(err error, trailer metadata.MD, secret string) Decision {
	failure := status.Convert(err)
	reason, known := statusReasons[failure.Code()]
	if !known {
		reason = [2]string{"CLIENT_PROTOCOL", Structural}
	}
	decision := denial(reason[0], reason[1], plain(fmt.Sprintf("no answer: %s: %s", failure.Code(), failure.Message()), secret))
	decision.Status = failure.Code()
	if pushback := trailer.Get("grpc-retry-pushback-ms"); failure.Code() == codes.ResourceExhausted && len(pushback) > 0 {
		if wait, err := strconv.ParseUint(pushback[0], 10, 30); err == nil {
			decision.Reason, decision.ReasonClass, decision.RetryAfter = "CLIENT_OVERLOADED", Transient, time.Duration(wait)*time.Millisecond
		}
	}
	return decision
}

// readTime gives the zero time where there is none, and false where it is no time.
func readTime(value *timestamppb.Timestamp) (time.Time, bool) {
	if value == nil {
		return time.Time{}, true
	}
	if value.CheckValid() != nil {
		return time.Time{}, false
	}
	return value.AsTime(), true
}

// plain gives a text of a peer, which could send back what it was sent, without the token and not too long.
func plain(text, secret string) string {
	if secret != "" {
		text = strings.ReplaceAll(text, secret, "[token]")
	}
	return cut(text, textMax)
}

func cut(text string, max int) string {
	if len(text) > max {
		return strings.ToValidUTF8(text[:max], "")
	}
	return text
}
