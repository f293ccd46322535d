package clawpdp

import (
	"context"

	pb "github.com/clawpdp/clawpdp/clients/go/clawpdpv1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

const (
	proofKey = "dpop"
	// proofCountMax is how many proofs of a call a sidecar looks at.
	proofCountMax = 16
)

// prover adds to each call that carries a token a proof of its holder's key: one for each different token, and new ones each time, as a
// proof is good for one call. What will be asked on a stream is not known when it is opened: it gets that of the client's own token.
type prover struct {
	key     *HolderKey
	sidecar string
	token   func(context.Context) (string, error)
}

func (p *prover) options() []grpc.DialOption {
	return []grpc.DialOption{grpc.WithUnaryInterceptor(p.unary), grpc.WithStreamInterceptor(p.stream)}
}

func (p *prover) unary(
	ctx context.Context, method string, request, reply interface{}, conn *grpc.ClientConn, invoke grpc.UnaryInvoker, options ...grpc.CallOption,
) error {
	ctx, err := p.prove(ctx, method, tokensOf(request))
	if err != nil {
		return err
	}
	return invoke(ctx, method, request, reply, conn, options...)
}

func (p *prover) stream(
	ctx context.Context, description *grpc.StreamDesc, conn *grpc.ClientConn, method string, open grpc.Streamer, options ...grpc.CallOption,
) (grpc.ClientStream, error) {
	if description.ClientStreams {
		token, err := p.token(ctx)
		if err != nil {
			// Its text could hold the token.
			return nil, status.Error(codes.Unauthenticated, "there is no token to open the stream with")
		}
		if ctx, err = p.prove(ctx, method, []string{token}); err != nil {
			return nil, err
		}
	}
	return open(ctx, description, conn, method, options...)
}

func (p *prover) prove(ctx context.Context, method string, tokens []string) (context.Context, error) {
	seen := map[string]bool{"": true}
	for _, token := range tokens {
		if seen[token] || len(seen) > proofCountMax {
			continue
		}
		seen[token] = true
		proof, err := p.key.Proof("POST", p.sidecar+method, token)
		if err != nil {
			return nil, err
		}
		ctx = metadata.AppendToOutgoingContext(ctx, proofKey, proof)
	}
	return ctx, nil
}

func tokensOf(request interface{}) []string {
	var tokens []string
	switch request := request.(type) {
	case *pb.AuthorizeBatchRequest:
		for _, one := range request.GetRequests() {
			tokens = append(tokens, one.GetCst())
		}
	case *pb.SignReceiptBatchRequest:
		for _, one := range request.GetRequests() {
			tokens = append(tokens, one.GetCst())
		}
	case *pb.ExplainRequest:
		tokens = append(tokens, request.GetRequest().GetCst())
	case *pb.IssueCstRequest:
		tokens = append(tokens, request.GetParentCst())
	case interface{ GetCst() string }:
		tokens = append(tokens, request.GetCst())
	}
	return tokens
}
