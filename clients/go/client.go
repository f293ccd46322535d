// Package clawpdp is the client of the ClawPdp policy-decision sidecar: ask before an agent acts, sign a receipt after.
//
// Every failure is a denial: only an OK answer that says ALLOW, and is whole, allows.
package clawpdp

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"sync/atomic"
	"time"

	pb "github.com/clawpdp/clawpdp/clients/go/clawpdpv1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/proto"
)

const (
	attemptsMax       = 3
	waitFirst         = 50 * time.Millisecond
	waitMax           = time.Second
	timeoutDefault    = time.Second
	timeoutMaxDefault = 5 * time.Second
)

// Options say how a client connects. They print without the token.
type Options struct {
	// Address is HOST:PORT or unix:/PATH; empty: the variable CLAWPDP_ADDRESS, or 127.0.0.1:7080.
	Address string
	// Token is the agent's CST.
	Token string
	// TokenSource, if it is set, gives the CST of the moment instead.
	TokenSource func(context.Context) (string, error)
	// HolderKey, if it is set, is the key that the token is bound to: then each call that carries a token carries a proof of it.
	HolderKey *HolderKey
	// RunID is the run of all actions that name none; empty: a new one.
	RunID string
	// Timeout is for a question; 0: one second. DurableTimeout is for each try to sign; 0: five seconds.
	Timeout, DurableTimeout time.Duration
	// Cache is how many answers are kept at most; 0: none.
	Cache int
	// TLS, if it is set, secures the connection; without it a sidecar on another host needs Cleartext.
	TLS       *tls.Config
	Cleartext bool
}

// Format prints the address and nothing that is secret.
func (o Options) Format(state fmt.State, _ rune) {
	_, _ = io.WriteString(state, "clawpdp.Options{"+o.Address+"}")
}

// Client asks one sidecar for one agent. It is safe for use by several goroutines; close it in the end.
type Client struct {
	conn                    *grpc.ClientConn
	decisions               pb.DecisionServiceClient
	receipts                pb.ReceiptServiceClient
	token                   func(context.Context) (string, error)
	runID                   string
	timeout, durableTimeout time.Duration
	cache                   *DecisionCache
	watch                   *epochWatch
	started                 time.Time
	closed                  int32
}

// New makes a client, which connects when it first asks. It fails for what is no address, and for clear text to another host
// unless that is asked for.
func New(options Options) (*Client, error) {
	client := &Client{token: options.TokenSource, runID: options.RunID, timeout: options.Timeout, durableTimeout: options.DurableTimeout, started: time.Now()}
	if client.token == nil {
		token := options.Token
		client.token = func(context.Context) (string, error) { return token, nil }
	}
	if client.runID == "" {
		client.runID = "run-" + randomID()
	}
	if client.timeout <= 0 {
		client.timeout = timeoutDefault
	}
	if client.durableTimeout <= 0 {
		client.durableTimeout = timeoutMaxDefault
	}
	var proofs *prover
	if options.HolderKey != nil {
		proofs = &prover{key: options.HolderKey, token: client.token}
	}
	conn, err := dial(options.Address, options.TLS, options.Cleartext, proofs)
	if err != nil {
		return nil, err
	}
	if options.Cache != 0 {
		if client.cache, err = NewDecisionCache(options.Cache); err != nil {
			_ = conn.Close()
			return nil, err
		}
		client.watch = newEpochWatch(conn, client.cache)
	}
	client.conn, client.decisions, client.receipts = conn, pb.NewDecisionServiceClient(conn), pb.NewReceiptServiceClient(conn)
	return client, nil
}

// Format prints the run and nothing that is secret.
func (c *Client) Format(state fmt.State, _ rune) {
	_, _ = io.WriteString(state, "clawpdp.Client{"+c.runID+"}")
}

// Close ends every connection. Questions from then on are denied.
func (c *Client) Close() error {
	atomic.StoreInt32(&c.closed, 1)
	if c.watch != nil {
		c.watch.cancel()
	}
	return c.conn.Close()
}

// RunID gives the run of all actions that name none.
func (c *Client) RunID() string { return c.runID }

// Conn gives the connection, for every other call by the generated stubs.
func (c *Client) Conn() *grpc.ClientConn { return c.conn }

// Authorize asks whether an action may be done. Whatever goes wrong is a denial; Decision.Err makes an error of it.
func (c *Client) Authorize(ctx context.Context, action Action) Decision {
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	token, err := c.token(ctx)
	if err != nil {
		return noToken(ctx, "there is no token to ask with")
	}
	question, err := action.question(token, c.runID)
	if err != nil {
		return denial("CLIENT_REQUEST_INVALID", Structural, err.Error())
	}
	bytes, err := proto.MarshalOptions{Deterministic: true}.Marshal(question)
	if err != nil {
		return denial("CLIENT_REQUEST_INVALID", Structural, "the question cannot be encoded")
	}
	if c.cache == nil {
		return c.ask(ctx, question)
	}
	c.watch.start()
	sum := sha256.Sum256(bytes)
	key, sent := string(sum[:]), time.Since(c.started)
	if kept, found := c.cache.Find(key, time.Now(), sent); found && atomic.LoadInt32(&c.closed) == 0 {
		return kept
	}
	decision := c.ask(ctx, question)
	// An approval counts once, whatever the answer says.
	if len(action.Approvals) == 0 {
		c.cache.Keep(key, decision, time.Now(), sent)
	}
	return decision
}

// noToken says why there is no token, without the error's text, which could hold it: whoever gave the call up has no need of a new one.
func noToken(ctx context.Context, message string) Decision {
	if ctx.Err() == context.Canceled {
		decision := denial("CLIENT_CANCELLED", Transient, "the call was given up")
		decision.Status = codes.Canceled
		return decision
	}
	return denial("CLIENT_TOKEN", Reissue, message)
}

func (c *Client) ask(ctx context.Context, question *pb.AuthorizeRequest) Decision {
	var earlier *Decision
	for attempt, wait := 1, waitFirst; ; attempt, wait = attempt+1, wait*2 {
		var trailer metadata.MD
		answer, err := c.decisions.Authorize(ctx, question, grpc.Trailer(&trailer))
		if err == nil {
			return readAnswer(answer, question.GetRequestId(), question.GetCst())
		}
		failure := c.failed(err, trailer, question.GetCst())
		// Only what reached nobody is tried again, and only while there is time; the first failure says more than a lack of time after it.
		if failure.Status == codes.DeadlineExceeded && earlier != nil {
			return *earlier
		}
		end, _ := ctx.Deadline()
		if failure.Status != codes.Unavailable || attempt == attemptsMax || time.Until(end) <= wait {
			return failure
		}
		earlier = &failure
		if pause(ctx, wait) != nil {
			return failure
		}
	}
}

func (c *Client) failed(err error, trailer metadata.MD, secret string) Decision {
	if atomic.LoadInt32(&c.closed) != 0 {
		decision := denial("CLIENT_UNAVAILABLE", Transient, "the client is closed")
		decision.Status = codes.Canceled
		return decision
	}
	if errors.Is(err, ErrProof) {
		decision := denial("CLIENT_PROOF", Structural, err.Error())
		decision.Status = codes.Unauthenticated
		return decision
	}
	return readFailure(err, trailer, secret)
}

func pause(ctx context.Context, wait time.Duration) error {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

func randomID() string {
	var id [16]byte
	if _, err := rand.Read(id[:]); err != nil {
		// Without randomness nothing is safe; the standard library ends the program, too.
		panic(err)
	}
	return hex.EncodeToString(id[:])
}
