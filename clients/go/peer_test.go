package clawpdp

import (
	"context"
	"encoding/base64"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	pb "github.com/clawpdp/clawpdp/clients/go/clawpdpv1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
)

// step is what the peer does at one try.
type step struct {
	Answer   *string           `json:"answer_b64"`
	Bytes    int               `json:"answer_of_bytes"`
	Status   string            `json:"status"`
	Details  string            `json:"details"`
	Trailers map[string]string `json:"trailers"`
	Hang     bool              `json:"hang"`
}

// peer does what a test tells it, raw bytes included, since a real sidecar cannot be made to misbehave. steps[tool] are what
// it does at each try of that tool; the last holds for all that follow.
type peer struct {
	lock         sync.Mutex
	steps        map[string][]step
	receiptSteps []step
	asked        map[string]int
	receipts     []*pb.SignReceiptRequest
	proofs       [][]string
	streams      map[chan uint64]bool
	server       *grpc.Server
	released     chan struct{}
	address      string
}

// rawCodec hands bytes through.
type rawCodec struct{}

func (rawCodec) Marshal(value interface{}) ([]byte, error) { return value.([]byte), nil }

func (rawCodec) Unmarshal(data []byte, value interface{}) error {
	*value.(*[]byte) = append([]byte(nil), data...)
	return nil
}

func (rawCodec) String() string { return "raw" }

func startPeer(t testing.TB, address string, options ...grpc.ServerOption) *peer {
	t.Helper()
	listener, err := net.Listen("tcp", address)
	must(t, err)
	p := &peer{steps: map[string][]step{}, asked: map[string]int{}, streams: map[chan uint64]bool{}, address: listener.Addr().String(), released: make(chan struct{})}
	p.server = grpc.NewServer(append(options, grpc.CustomCodec(rawCodec{}), grpc.UnknownServiceHandler(p.serve))...)
	go func() { _ = p.server.Serve(listener) }()
	t.Cleanup(func() {
		close(p.released)
		p.server.Stop()
	})
	return p
}

func (p *peer) serve(_ interface{}, stream grpc.ServerStream) error {
	method, _ := grpc.MethodFromServerStream(stream)
	var body []byte
	if err := stream.RecvMsg(&body); err != nil {
		return err
	}
	if method == "/clawpdp.v1.DecisionService/WatchEpoch" {
		return p.watch(stream)
	}
	metadata, _ := metadata.FromIncomingContext(stream.Context())
	p.lock.Lock()
	p.proofs = append(p.proofs, metadata.Get(proofKey))
	p.lock.Unlock()
	switch method {
	case "/clawpdp.v1.ReceiptService/SignReceipt":
		return p.sign(stream, body)
	default:
		return p.authorize(stream, body)
	}
}

func (p *peer) authorize(stream grpc.ServerStream, body []byte) error {
	request := &pb.AuthorizeRequest{}
	if err := proto.Unmarshal(body, request); err != nil {
		return err
	}
	p.lock.Lock()
	p.asked[request.Tool]++
	steps, index := p.steps[request.Tool], p.asked[request.Tool]-1
	p.lock.Unlock()
	if len(steps) == 0 {
		return status.Error(codes.Unimplemented, "no steps")
	}
	if index >= len(steps) {
		index = len(steps) - 1
	}
	return p.perform(stream, steps[index], request.Cst)
}

func (p *peer) sign(stream grpc.ServerStream, body []byte) error {
	request := &pb.SignReceiptRequest{}
	if err := proto.Unmarshal(body, request); err != nil {
		return err
	}
	p.lock.Lock()
	p.receipts = append(p.receipts, request)
	var next *step
	if len(p.receiptSteps) > 0 {
		next, p.receiptSteps = &p.receiptSteps[0], p.receiptSteps[1:]
	}
	p.lock.Unlock()
	if next != nil {
		return p.perform(stream, *next, request.Cst)
	}
	signed := &pb.SignedReceipt{ReceiptId: "rcpt-1", RunId: request.RunId, Nonce: request.Nonce, DecisionId: request.DecisionId, EnvelopeJson: []byte("{}")}
	answer, err := proto.Marshal(&pb.SignReceiptResponse{Outcome: &pb.SignReceiptResponse_Receipt{Receipt: signed}})
	if err != nil {
		return err
	}
	return stream.SendMsg(answer)
}

func (p *peer) watch(stream grpc.ServerStream) error {
	told := make(chan uint64, 100)
	p.lock.Lock()
	p.streams[told] = true
	p.lock.Unlock()
	for {
		select {
		case <-stream.Context().Done():
			return nil
		case epoch, open := <-told:
			if !open {
				return nil
			}
			answer, _ := proto.Marshal(&pb.WatchEpochResponse{Epoch: epoch})
			if err := stream.SendMsg(answer); err != nil {
				return err
			}
		}
	}
}

// tellEpoch tells an epoch on every stream; 0 ends them.
func (p *peer) tellEpoch(epoch uint64) {
	p.lock.Lock()
	defer p.lock.Unlock()
	for stream := range p.streams {
		if epoch == 0 {
			close(stream)
			delete(p.streams, stream)
		} else if len(stream) < cap(stream) {
			stream <- epoch
		}
	}
}

func (p *peer) count(tool string) int {
	p.lock.Lock()
	defer p.lock.Unlock()
	return p.asked[tool]
}

func (p *peer) perform(stream grpc.ServerStream, do step, token string) error {
	if do.Hang {
		// Longer than the deadline, which must be the client's to notice.
		<-p.released
		return nil
	}
	if do.Status != "" {
		stream.SetTrailer(metadata.New(do.Trailers))
		var code codes.Code
		if err := code.UnmarshalJSON([]byte(`"` + do.Status + `"`)); err != nil {
			return err
		}
		return status.Error(code, strings.ReplaceAll(do.Details, "$TOKEN", token))
	}
	if do.Answer == nil {
		return stream.SendMsg(make([]byte, do.Bytes))
	}
	answer, err := base64.StdEncoding.DecodeString(*do.Answer)
	if err != nil {
		return err
	}
	return stream.SendMsg(answer)
}

// listen opens a loopback port where no sidecar is: `none` listens at all, `closes` ends each connection at once, `silent`
// says nothing.
func listen(t *testing.T, kind string) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	if kind == "none" {
		_ = listener.Close()
	}
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			if kind == "closes" {
				_ = conn.Close()
			} else {
				t.Cleanup(func() { _ = conn.Close() })
			}
		}
	}()
	return listener.Addr().String()
}

func newClient(t testing.TB, options Options) *Client {
	t.Helper()
	if options.Timeout == 0 {
		options.Timeout = 20 * time.Second
	}
	if options.Token == "" {
		options.Token = secretToken
	}
	client, err := New(options)
	must(t, err)
	t.Cleanup(func() { _ = client.Close() })
	return client
}

// until waits for something that happens elsewhere.
func until(t *testing.T, condition func() bool, what string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	for !condition() {
		if pause(ctx, 5*time.Millisecond) != nil {
			t.Fatal("waited in vain: " + what)
		}
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func equal(t *testing.T, what string, seen, wanted interface{}) {
	t.Helper()
	if fmt.Sprintf("%#v", seen) != fmt.Sprintf("%#v", wanted) {
		t.Errorf("%s: %#v, not %#v", what, seen, wanted)
	}
}
