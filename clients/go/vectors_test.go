package clawpdp

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
)

const (
	secretToken = "secret-of-the-agent"
	short       = 3 * time.Second
)

type vectors struct {
	Answers []struct {
		Name      string
		Peer      []step
		Expect    map[string]interface{}
		Attempts  int
		RequestID string `json:"request_id"`
	}
	Listeners []struct {
		Name, Listener string
		Expect         map[string]interface{}
	}
	Digests []struct {
		Name, JSON, Canonical, Digest string
		Refused                       bool
	}
	Keys []struct {
		Name, Key, Thumbprint string
		Refused               bool
	}
	Proofs []struct {
		Name, Key, Method, Target, Token, Jti, Proof string
		Iat                                          float64
	}
	Caches []struct {
		Name     string
		Capacity int
		Steps    []struct {
			Do, Key     string
			Epoch       uint64
			Now, Steady int64
			Answer      struct {
				Allowed        bool
				Epoch          uint64
				DecidedAt      *int64 `json:"decided_at"`
				CacheableUntil *int64 `json:"cacheable_until"`
			}
			Kept, Found bool
		}
	}
}

func readVectors(t testing.TB) vectors {
	t.Helper()
	text, err := os.ReadFile("../vectors/cases.json")
	must(t, err)
	var read vectors
	must(t, json.Unmarshal(text, &read))
	return read
}

func peerOf(t testing.TB, name string) []step {
	t.Helper()
	for _, row := range readVectors(t).Answers {
		if row.Name == name {
			return row.Peer
		}
	}
	t.Fatal("no such row: " + name)
	return nil
}

// hold compares what a row expects, and looks for the token in whatever could be printed.
func hold(t *testing.T, decision Decision, expected map[string]interface{}) {
	t.Helper()
	number := func(value int64) interface{} { return float64(value) }
	for name, wanted := range expected {
		var seen interface{}
		switch name {
		case "allowed":
			seen = decision.Allowed
		case "reason":
			seen = decision.Reason
		case "reason_class":
			if decision.ReasonClass != "" {
				seen = decision.ReasonClass
			}
		case "status":
			var code codes.Code
			must(t, code.UnmarshalJSON([]byte(fmt.Sprintf("%q", wanted))))
			seen, wanted = decision.Status, code
		case "retry_after_ms":
			if decision.RetryAfter != 0 {
				seen = number(decision.RetryAfter.Milliseconds())
			}
		case "decision_id":
			seen = decision.DecisionID
		case "message":
			seen = decision.Message
		case "epoch":
			seen = number(int64(decision.Epoch))
		case "reason_number":
			seen = number(int64(decision.ReasonNumber))
		case "durable":
			seen = decision.Durable
		case "cacheable_until":
			if !decision.CacheableUntil.IsZero() {
				seen = number(decision.CacheableUntil.Unix())
			}
		case "statement_ids":
			seen, wanted = strings.Join(decision.StatementIDs, " "), strings.Trim(fmt.Sprint(wanted), "[]")
		default:
			t.Fatal("a row expects what this test does not know: " + name)
		}
		equal(t, name, seen, wanted)
	}
	equal(t, "error", decision.Err() == nil, expected["allowed"])
	if strings.Contains(fmt.Sprintf("%+v %v", decision, decision.Err()), secretToken) {
		t.Error("the token can be seen")
	}
}

func TestAnswers(t *testing.T) {
	peer := startPeer(t, "127.0.0.1:0")
	patient, hasty := newClient(t, Options{Address: peer.address}), newClient(t, Options{Address: peer.address, Timeout: short})
	for _, row := range readVectors(t).Answers {
		row := row
		t.Run(row.Name, func(t *testing.T) {
			client := patient
			for _, step := range row.Peer {
				if step.Hang {
					client = hasty
				}
			}
			peer.lock.Lock()
			peer.steps[row.Name] = row.Peer
			peer.lock.Unlock()
			hold(t, client.Authorize(context.Background(), Action{Tool: row.Name, RequestID: row.RequestID}), row.Expect)
			equal(t, "attempts", peer.count(row.Name), row.Attempts)
		})
	}
}

func TestListeners(t *testing.T) {
	for _, row := range readVectors(t).Listeners {
		row := row
		t.Run(row.Name, func(t *testing.T) {
			options := Options{Address: listen(t, row.Listener)}
			if row.Listener == "silent" {
				options.Timeout = short
			}
			hold(t, newClient(t, options).Authorize(context.Background(), Action{Tool: "github"}), row.Expect)
		})
	}
}

func TestDigests(t *testing.T) {
	for _, row := range readVectors(t).Digests {
		row := row
		t.Run(row.Name, func(t *testing.T) {
			digest, err := DigestJSON([]byte(row.JSON))
			if row.Refused {
				if !errors.Is(err, ErrDigest) || digest != "" {
					t.Fatalf("%q, %v", digest, err)
				}
				return
			}
			must(t, err)
			form, err := Canonical([]byte(row.JSON))
			must(t, err)
			equal(t, "form", string(form), row.Canonical)
			equal(t, "digest", digest, row.Digest)
			var value interface{}
			must(t, json.Unmarshal([]byte(row.JSON), &value))
			digest, err = Digest(value)
			must(t, err)
			equal(t, "digest of the value", digest, row.Digest)
		})
	}
}

func TestCaches(t *testing.T) {
	moment := func(seconds *int64) time.Time {
		if seconds == nil {
			return time.Time{}
		}
		return time.Unix(*seconds, 0)
	}
	for _, row := range readVectors(t).Caches {
		row := row
		t.Run(row.Name, func(t *testing.T) {
			cache, err := NewDecisionCache(row.Capacity)
			must(t, err)
			for index, step := range row.Steps {
				now, steady := time.Unix(step.Now, 0), time.Duration(step.Steady)*time.Second
				switch step.Do {
				case "follow":
					cache.Follow(step.Epoch)
				case "keep":
					decision := Decision{Allowed: step.Answer.Allowed, Epoch: step.Answer.Epoch, DecidedAt: moment(step.Answer.DecidedAt), CacheableUntil: moment(step.Answer.CacheableUntil)}
					equal(t, fmt.Sprint("kept at step ", index), cache.Keep(step.Key, decision, now, steady), step.Kept)
				default:
					found, isFound := cache.Find(step.Key, now, steady)
					equal(t, fmt.Sprint("found at step ", index), isFound && found.Cached, step.Found)
				}
				if cache.Len() > row.Capacity {
					t.Error("it holds more than it may")
				}
			}
		})
	}
}
