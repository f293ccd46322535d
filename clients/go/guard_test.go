package clawpdp

import (
	"context"
	"errors"
	"fmt"
	"os"
	"testing"

	pb "github.com/clawpdp/clawpdp/clients/go/clawpdpv1"
)

func TestGuard_Denied_DoesNotAct(t *testing.T) {
	peer, client := newPair(t, Options{})
	done := false
	err := client.Guard(background, Action{Tool: "splunk"}, func(context.Context) error { done = true; return nil })
	var denied *DeniedError
	equal(t, "is denied", errors.As(err, &denied), true)
	equal(t, "reason", denied.Decision.Reason, "TOOL_NOT_ALLOWED")
	equal(t, "done", done, false)
	equal(t, "receipts", len(peer.receipts), 0)
}

func TestGuard_WhatWasDone_IsSigned(t *testing.T) {
	peer, client := newPair(t, Options{})
	for _, row := range []struct {
		err    error
		status pb.ResultStatus
	}{
		{nil, pb.ResultStatus_RESULT_STATUS_SUCCESS}, {errors.New("x"), pb.ResultStatus_RESULT_STATUS_ERROR},
		{fmt.Errorf("late: %w", context.DeadlineExceeded), pb.ResultStatus_RESULT_STATUS_TIMEOUT}, {os.ErrDeadlineExceeded, pb.ResultStatus_RESULT_STATUS_TIMEOUT},
	} {
		ctx, cancel := context.WithCancel(background)
		err := client.Guard(ctx, Action{Tool: "github"}, func(context.Context) error { cancel(); return row.err })
		equal(t, "error", err, row.err)
		last := peer.receipts[len(peer.receipts)-1]
		equal(t, "status", last.GetToolCall().ResultStatus, row.status)
		equal(t, "decision and run", []string{last.DecisionId, last.RunId}, []string{"dec-1", client.RunID()})
	}
}

func TestGuard_Panic_IsSignedAndGoesOn(t *testing.T) {
	peer, client := newPair(t, Options{})
	defer func() {
		equal(t, "panic", recover(), "x")
		equal(t, "status", peer.receipts[0].GetToolCall().ResultStatus, pb.ResultStatus_RESULT_STATUS_ERROR)
	}()
	_ = client.Guard(background, Action{Tool: "github"}, func(context.Context) error { panic("x") })
}

func TestGuard_ReceiptNotSigned_IsTold(t *testing.T) {
	peer, client := newPair(t, Options{})
	for _, cause := range []error{nil, errors.New("x")} {
		peer.receiptSteps = []step{{}}
		err := client.Guard(background, Action{Tool: "github"}, func(context.Context) error { return cause })
		var told *ReceiptError
		equal(t, "is told", errors.As(err, &told), true)
		equal(t, "cause", errors.Unwrap(err), cause)
	}
	err := client.Act(background, Action{Tool: "github"}, func(_ context.Context, acting *Acting) error { acting.Result = make(chan int); return nil })
	var told *ReceiptError
	equal(t, "is told", errors.As(err, &told), true)
	equal(t, "reason", told.Reason, "CLIENT_REPORT")
}

func TestAct_OtherKinds_AreSigned(t *testing.T) {
	peer, client := newPair(t, Options{})
	peer.steps[""] = peerOf(t, "allow")
	written := uint64(5)
	act := func(action Action, report Report) {
		must(t, client.Act(background, action, func(_ context.Context, acting *Acting) error { acting.Report = report; return nil }))
	}
	act(Action{Model: "gpt-4o", Provider: "openai", Args: "hello"}, Report{Result: "hi", TokensInput: 3})
	act(Action{Host: "api.github.com"}, Report{})
	act(Action{Tool: "github", Effect: pb.EffectClass_EFFECT_CLASS_FILESYSTEM_WRITE, Target: "/tmp/x"}, Report{BytesWritten: &written})
	model, host, file := peer.receipts[0].GetModelCall(), peer.receipts[1].GetSideEffect(), peer.receipts[2].GetSideEffect()
	hello, _ := Digest("hello")
	null, _ := Digest(nil)
	equal(t, "model", []interface{}{model.GetProvider(), model.GetTokensInput(), model.GetRequestHashB64U()}, []interface{}{"openai", uint32(3), hello})
	equal(t, "host", []interface{}{host.GetHost(), host.GetEffectClass(), host.GetResponseHashB64U()}, []interface{}{"api.github.com", pb.EffectClass_EFFECT_CLASS_NETWORK_EGRESS, null})
	equal(t, "file", []interface{}{file.GetTargetText(), file.GetBytesWritten(), file.GetEffectClass()}, []interface{}{"/tmp/x", written, pb.EffectClass_EFFECT_CLASS_FILESYSTEM_WRITE})
}
