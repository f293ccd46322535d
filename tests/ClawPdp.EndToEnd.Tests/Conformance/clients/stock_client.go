// Go's google.golang.org/grpc as a caller. Prints each case as a JSON row; stock-expected.tsv says what it must be.
//
// usage: stock_client HOST:PORT SOCKET TOKEN-FILE
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"sort"
	"sync"
	"sync/atomic"
	"time"

	pb "github.com/clawpdp/clawpdp/clients/go/clawpdpv1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	_ "google.golang.org/grpc/encoding/gzip"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
)

const method = "/clawpdp.v1.DecisionService/Authorize"

// The names of the statuses as every language but Go spells them.
var names = map[codes.Code]string{
	codes.OK: "OK", codes.Canceled: "CANCELLED", codes.Unknown: "UNKNOWN", codes.InvalidArgument: "INVALID_ARGUMENT",
	codes.DeadlineExceeded: "DEADLINE_EXCEEDED", codes.ResourceExhausted: "RESOURCE_EXHAUSTED", codes.Unimplemented: "UNIMPLEMENTED",
	codes.Internal: "INTERNAL", codes.Unavailable: "UNAVAILABLE",
}

var token string

// rawCodec sends bytes as they are.
type rawCodec struct{}

func (rawCodec) Name() string { return "proto" }

func (rawCodec) Marshal(value interface{}) ([]byte, error) { return value.([]byte), nil }

func (rawCodec) Unmarshal(data []byte, value interface{}) error {
	return proto.Unmarshal(data, value.(proto.Message))
}

func ask(tool, requestID string) *pb.AuthorizeRequest {
	return &pb.AuthorizeRequest{Cst: token, Tool: tool, RequestId: requestID}
}

func words(answer *pb.AuthorizeResponse, err error) (string, error) {
	return fmt.Sprintf("%v %v", answer.GetEffect(), answer.GetReasonCode()), err
}

func within(limit time.Duration) context.Context {
	// Held until its time has passed; the program ends before.
	limited, _ := context.WithTimeout(context.Background(), limit)
	return limited
}

// tell prints what a call came to; the call gives the detail of its success.
func tell(name string, call func() (string, error)) {
	detail, err := call()
	row := map[string]string{"case": name, "status": names[status.Code(err)], "message": "", "detail": detail}
	if err != nil {
		row["message"], row["detail"] = status.Convert(err).Message(), ""
	}
	text, _ := json.Marshal(row)
	fmt.Println(string(text))
}

func raw(conn *grpc.ClientConn, body []byte, path string) (string, error) {
	answer := &pb.AuthorizeResponse{}
	return words(answer, conn.Invoke(within(30*time.Second), path, body, answer, grpc.ForceCodec(rawCodec{})))
}

func keys(received metadata.MD) string {
	found := []string{}
	for name := range received {
		// What the transport itself answers with is not metadata of the call.
		if name != "content-type" && name != "date" {
			found = append(found, name)
		}
	}
	sort.Strings(found)
	return fmt.Sprint(found)
}

func withMetadata(client pb.DecisionServiceClient) (string, error) {
	var leading, trailing metadata.MD
	sent := metadata.AppendToOutgoingContext(within(30*time.Second), "x-request", "1", "x-data-bin", "\x00\xff")
	answer, err := words(client.Authorize(sent, ask("github", ""), grpc.Header(&leading), grpc.Trailer(&trailing)))
	return fmt.Sprintf("%s leading=%s trailing=%s", answer, keys(leading), keys(trailing)), err
}

// hasty makes calls that may come too late; nothing else may become of them.
func hasty(client pb.DecisionServiceClient) (string, error) {
	for count := 0; count < 100; count++ {
		if _, err := client.Authorize(within(time.Millisecond), ask("github", "")); err != nil && status.Code(err) != codes.DeadlineExceeded {
			return "", err
		}
	}
	return words(client.Authorize(within(30*time.Second), ask("github", "")))
}

func cancelled(client pb.DecisionServiceClient) (string, error) {
	for count := 0; count < 20; count++ {
		limited, cancel := context.WithCancel(context.Background())
		go cancel()
		if _, err := client.Authorize(limited, ask("github", "")); err != nil && status.Code(err) != codes.Canceled {
			return "", err
		}
		cancel()
	}
	return words(client.Authorize(within(30*time.Second), ask("github", "")))
}

func many(client pb.DecisionServiceClient, count int) (string, error) {
	var right int32
	var all sync.WaitGroup
	for number := 0; number < count; number++ {
		all.Add(1)
		go func(number int) {
			defer all.Done()
			id, tool := fmt.Sprintf("call-%d", number), "splunk"
			if number%2 == 1 {
				tool = "github"
			}
			answer, err := client.Authorize(within(30*time.Second), ask(tool, id))
			if err == nil && answer.RequestId == id && (answer.Effect == pb.Effect_EFFECT_ALLOW) == (number%2 == 1) {
				atomic.AddInt32(&right, 1)
			}
		}(number)
	}
	all.Wait()
	return fmt.Sprintf("%d of %d", right, count), nil
}

func dial(address string, options ...grpc.DialOption) *grpc.ClientConn {
	conn, err := grpc.Dial(address, append(options, grpc.WithInsecure())...)
	if err != nil {
		panic(err)
	}
	return conn
}

func main() {
	address, socket := os.Args[1], os.Args[2]
	file, err := os.ReadFile(os.Args[3])
	if err != nil {
		panic(err)
	}
	token = string(bytes.TrimSpace(file))
	conn := dial(address)
	client := pb.NewDecisionServiceClient(conn)
	authorize := func(limit context.Context, request *pb.AuthorizeRequest, options ...grpc.CallOption) func() (string, error) {
		return func() (string, error) { return words(client.Authorize(limit, request, options...)) }
	}
	soon := within(30 * time.Second)
	good := ask("github", "")
	tell("allow", authorize(soon, good))
	tell("deny", authorize(soon, ask("splunk", "")))
	tell("no token", authorize(soon, &pb.AuthorizeRequest{Tool: "github"}))
	tell("text beyond ASCII", func() (string, error) {
		answer, err := client.Authorize(soon, ask("github", "größe ✓ 日本"))
		return answer.GetRequestId(), err
	})
	tell("no deadline", authorize(context.Background(), good))
	for _, seconds := range []int{5, 300, 36000, 4000000} {
		tell(fmt.Sprintf("deadline in %d s", seconds), authorize(within(time.Duration(seconds)*time.Second), good))
	}
	tell("deadline that has passed", authorize(within(-time.Second), good))
	tell("deadlines of a millisecond", func() (string, error) { return hasty(client) })
	tell("gzip", authorize(soon, good, grpc.UseCompressor("gzip")))
	tell("field fault", authorize(soon, ask(string(bytes.Repeat([]byte("a"), 257)), "")))
	tell("nothing asked", authorize(soon, &pb.AuthorizeRequest{}))
	tell("malformed message", func() (string, error) { return raw(conn, []byte{0x0a, 0xff}, method) })
	large, _ := proto.Marshal(good)
	large = append(append(large, 0xc2, 0xb8, 0x02, 0x80, 0x80, 0xc0, 0x01), make([]byte, 3<<20)...)
	tell("message of 3 MiB", func() (string, error) { return raw(conn, large, method) })
	tell("message over 4 MiB", func() (string, error) { return raw(conn, make([]byte, 4<<20+1), method) })
	tell("unknown method", func() (string, error) { return raw(conn, []byte{}, "/clawpdp.v1.DecisionService/Nothing") })
	tell("unknown service", func() (string, error) { return raw(conn, []byte{}, "/clawpdp.v1.NoService/Authorize") })
	tell("metadata", func() (string, error) { return withMetadata(client) })
	tell("cancelled, then asked", func() (string, error) { return cancelled(client) })
	tell("thousand at once", func() (string, error) { return many(client, 1000) })
	unix := dial("local", grpc.WithContextDialer(func(limit context.Context, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(limit, "unix", socket)
	}))
	tell("Unix socket", func() (string, error) { return words(pb.NewDecisionServiceClient(unix).Authorize(soon, good)) })
}
