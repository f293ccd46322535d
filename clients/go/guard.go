package clawpdp

import (
	"context"
	"errors"
	"time"

	pb "github.com/clawpdp/clawpdp/clients/go/clawpdpv1"
)

// Acting is an action under way. What performs it sets the Result, and what else the receipt shall state.
type Acting struct {
	Action   Action
	Decision Decision
	// Report is what the receipt will state. The status and the latency are filled in where they are not set.
	Report
	// Receipt is set once it is signed.
	Receipt *pb.SignedReceipt
}

// Guard does something only if the action is allowed, and signs what came of it; see Act.
func (c *Client) Guard(ctx context.Context, action Action, perform func(context.Context) error) error {
	return c.Act(ctx, action, func(ctx context.Context, _ *Acting) error { return perform(ctx) })
}

// Act asks, performs the action only if it is allowed, and signs what came of it, also when it fails or panics: then with the
// status error, or timeout for an error that says it is one. It is signed even if ctx is done by then.
//
// The error is a *DeniedError unless the action is allowed; a *ReceiptError where no receipt is signed, which wraps the error of
// perform; otherwise the error of perform. A panic goes on once the receipt is signed.
func (c *Client) Act(ctx context.Context, action Action, perform func(context.Context, *Acting) error) (err error) {
	acting := &Acting{Action: action, Decision: c.Authorize(ctx, action)}
	if err := acting.Decision.Err(); err != nil {
		return err
	}
	started, ended := time.Now(), false
	defer func() {
		failure := c.settle(acting, started, err, !ended)
		if failure == nil {
			return
		}
		if !ended {
			// Nobody would see an error now; Go prints both.
			panic(failure)
		}
		err = failure
	}()
	err = perform(ctx, acting)
	ended = true
	return err
}

func (c *Client) settle(acting *Acting, started time.Time, err error, panicked bool) error {
	if acting.Latency == 0 {
		acting.Latency = time.Since(started)
	}
	if acting.Status == pb.ResultStatus_RESULT_STATUS_UNSPECIFIED {
		acting.Status = pb.ResultStatus_RESULT_STATUS_SUCCESS
		if isTimeout(err) {
			acting.Status = pb.ResultStatus_RESULT_STATUS_TIMEOUT
		} else if err != nil || panicked {
			acting.Status = pb.ResultStatus_RESULT_STATUS_ERROR
		}
	}
	receipt, failure := c.SignReceipt(context.Background(), acting.Action, acting.Decision, acting.Report, "")
	if failure == nil {
		acting.Receipt = receipt
		return nil
	}
	if told, isReceipt := failure.(*ReceiptError); isReceipt {
		told.Cause = err
	}
	return failure
}

// isTimeout says whether an action did not end in time, by its error.
func isTimeout(err error) bool {
	var timeout interface{ Timeout() bool }
	return errors.As(err, &timeout) && timeout.Timeout()
}
