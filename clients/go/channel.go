package clawpdp

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	pb "github.com/clawpdp/clawpdp/clients/go/clawpdpv1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/keepalive"
)

const (
	addressVariable = "CLAWPDP_ADDRESS"
	addressDefault  = "127.0.0.1:7080"
	watchWaitMin    = 100 * time.Millisecond
	watchWaitMax    = 2 * time.Second
)

var errAddress = errors.New("an address is HOST:PORT or unix:/PATH")

// dial makes a connection, which is opened when it is first needed.
func dial(address string, secure *tls.Config, cleartext bool, proofs *prover) (*grpc.ClientConn, error) {
	if address == "" {
		address = os.Getenv(addressVariable)
	}
	if address == "" {
		address = addressDefault
	}
	network, place, authority := "tcp", address, address
	if strings.HasPrefix(address, "unix:") {
		network, place, authority = "unix", strings.TrimPrefix(address, "unix:"), "localhost"
		if place == "" {
			return nil, errAddress
		}
	} else if err := checkTCP(address, secure != nil || cleartext); err != nil {
		return nil, err
	}
	options := []grpc.DialOption{
		// Nothing between the caller and its sidecar may repeat, redirect or reconfigure a call; the dialer of our own leaves the
		// environment's proxies out. A connection that is lost is tried anew soon.
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, place)
		}),
		grpc.WithDisableRetry(),
		grpc.WithDisableServiceConfig(),
		grpc.WithAuthority(authority),
		grpc.WithKeepaliveParams(keepalive.ClientParameters{Time: 10 * time.Second, Timeout: 5 * time.Second}),
		grpc.WithConnectParams(grpc.ConnectParams{
			Backoff:           backoff.Config{BaseDelay: 100 * time.Millisecond, Multiplier: 1.6, Jitter: 0.2, MaxDelay: 2 * time.Second},
			MinConnectTimeout: 5 * time.Second,
		}),
	}
	if proofs != nil {
		proofs.sidecar = "http://" + authority
		if secure != nil {
			proofs.sidecar = "https://" + authority
		}
		options = append(options, proofs.options()...)
	}
	if secure != nil {
		options = append(options, grpc.WithTransportCredentials(credentials.NewTLS(secure)))
	} else {
		options = append(options, grpc.WithInsecure())
	}
	return grpc.Dial("passthrough:///"+authority, options...)
}

func checkTCP(address string, isTrusted bool) error {
	host, port, err := net.SplitHostPort(address)
	if err != nil || host == "" {
		return errAddress
	}
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		return errAddress
	}
	ip := net.ParseIP(host)
	if isTrusted || host == "localhost" || (ip != nil && ip.IsLoopback()) {
		return nil
	}
	return errors.New("a sidecar that is not on this host needs TLS, or Cleartext where the network is trusted")
}

// epochWatch follows the stream of epochs and tells the cache; while there is no stream it tells 0.
type epochWatch struct {
	client pb.DecisionServiceClient
	cache  *DecisionCache
	once   sync.Once
	ctx    context.Context
	cancel context.CancelFunc
}

func newEpochWatch(conn grpc.ClientConnInterface, cache *DecisionCache) *epochWatch {
	watch := &epochWatch{client: pb.NewDecisionServiceClient(conn), cache: cache}
	watch.ctx, watch.cancel = context.WithCancel(context.Background())
	return watch
}

// start begins to follow, unless it does already.
func (w *epochWatch) start() {
	w.once.Do(func() { go w.run() })
}

func (w *epochWatch) run() {
	wait := watchWaitMin
	for w.ctx.Err() == nil {
		if w.follow() {
			wait = watchWaitMin
		}
		// Whatever broke the stream, what is kept is dropped, and the stream is opened anew.
		w.cache.Follow(0)
		select {
		case <-w.ctx.Done():
		case <-time.After(wait):
		}
		if wait *= 2; wait > watchWaitMax {
			wait = watchWaitMax
		}
	}
}

// follow goes along with one stream until it ends, and says whether it told anything.
func (w *epochWatch) follow() bool {
	stream, err := w.client.WatchEpoch(w.ctx, &pb.WatchEpochRequest{})
	for told := false; ; told = true {
		if err != nil {
			return told
		}
		var message *pb.WatchEpochResponse
		if message, err = stream.Recv(); err == nil && w.ctx.Err() == nil {
			w.cache.Follow(message.GetEpoch())
		}
	}
}
