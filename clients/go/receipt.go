package clawpdp

import (
	"context"
	"fmt"

	pb "github.com/clawpdp/clawpdp/clients/go/clawpdpv1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
)

// ReceiptError is an action for which no receipt is known to be signed, though it was done.
//
// With the class transient the same again, SignReceipt with its Action, Decision, Report and Nonce, finds out what became of
// it and never makes a second receipt.
type ReceiptError struct {
	Reason, ReasonClass, Message string
	Action                       Action
	Decision                     Decision
	Report                       Report
	Nonce                        string
	// Cause is how the action itself failed; nil if it did not.
	Cause error
}

func (e *ReceiptError) Error() string {
	text := fmt.Sprintf("receipt not signed: %s (%s): %s", e.Reason, e.ReasonClass, e.Message)
	if e.Cause != nil {
		text += "; the action failed, too: " + e.Cause.Error()
	}
	return text
}

// Unwrap gives how the action itself failed.
func (e *ReceiptError) Unwrap() error { return e.Cause }

// SignReceipt signs what was done. The receipt is on disk when this returns it; otherwise the error is a *ReceiptError. A try
// that may succeed later is repeated, three in all, with the same nonce, which makes it one receipt; an empty nonce: a new one.
func (c *Client) SignReceipt(ctx context.Context, action Action, decision Decision, report Report, nonce string) (*pb.SignedReceipt, error) {
	if nonce == "" {
		nonce = randomID()
	}
	for attempt, wait := 1, waitFirst; ; attempt, wait = attempt+1, wait*2 {
		signed, failure := c.sign(ctx, action, decision, report, nonce)
		if failure == nil {
			return signed, nil
		}
		// Where the sidecar says when to come again, that counts; a call that failed says nothing.
		delay := wait
		if failure.Status == codes.OK || failure.Status == codes.ResourceExhausted {
			delay = failure.RetryAfter
		}
		if delay > waitMax {
			delay = waitMax
		}
		if failure.ReasonClass != Transient || attempt == attemptsMax || pause(ctx, delay) != nil {
			return nil, &ReceiptError{
				Reason: failure.Reason, ReasonClass: failure.ReasonClass, Message: failure.Message, Action: action, Decision: decision, Report: report, Nonce: nonce,
			}
		}
	}
}

func (c *Client) sign(ctx context.Context, action Action, decision Decision, report Report, nonce string) (*pb.SignedReceipt, *Decision) {
	refused := func(failure Decision) (*pb.SignedReceipt, *Decision) { return nil, &failure }
	ctx, cancel := context.WithTimeout(ctx, c.durableTimeout)
	defer cancel()
	token, err := c.token(ctx)
	if err != nil {
		return refused(noToken(ctx, "there is no token to sign with"))
	}
	request, err := action.receipt(report, decision.DecisionID, token, c.runID, nonce)
	if err != nil {
		return refused(denial("CLIENT_REPORT", Structural, "the report cannot be made: "+err.Error()))
	}
	var trailer metadata.MD
	answer, err := c.receipts.SignReceipt(ctx, request, grpc.Trailer(&trailer))
	if err != nil {
		return refused(c.failed(err, trailer, token))
	}
	if refusal := answer.GetRefusal(); refusal != nil {
		text := refusal.GetMessage()
		if refusal.GetField() != "" {
			text += " (" + refusal.GetField() + ")"
		}
		failure := Decision{Message: plain(text, token)}
		failure.Reason, failure.ReasonClass, failure.RetryAfter = readReason(refusal)
		return refused(failure)
	}
	signed := answer.GetReceipt()
	isNamed := signed.GetRunId() == request.GetRunId() && signed.GetNonce() == nonce && signed.GetDecisionId() == decision.DecisionID
	if !isNamed || signed.GetReceiptId() == "" || len(signed.GetEnvelopeJson()) == 0 {
		return refused(contradiction("the answer is no receipt for what was asked"))
	}
	return signed, nil
}
