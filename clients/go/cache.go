package clawpdp

import (
	"container/list"
	"errors"
	"sync"
	"time"

	"google.golang.org/grpc/codes"
)

// DecisionCache is a bounded store of answers that the sidecar marked as good for a while, allows and denials alike.
//
// It holds answers of one epoch only, the one that the stream told last, and none while no stream is open. An answer ends at
// CacheableUntil by the clock, and also as long after its question as the sidecar said, by a clock that is never set: so
// neither a clock that is wrong nor one that is set back prolongs it.
type DecisionCache struct {
	lock     sync.Mutex
	capacity int
	epoch    uint64
	entries  map[string]cacheEntry
	order    *list.List
}

type cacheEntry struct {
	decision Decision
	end      time.Duration
	place    *list.Element
}

// NewDecisionCache makes an empty cache for at most so many answers, at least 1.
func NewDecisionCache(capacity int) (*DecisionCache, error) {
	if capacity < 1 {
		return nil, errors.New("a cache holds at least one answer")
	}
	return &DecisionCache{capacity: capacity, entries: map[string]cacheEntry{}, order: list.New()}, nil
}

// Len gives the number of answers that are kept.
func (c *DecisionCache) Len() int {
	c.lock.Lock()
	defer c.lock.Unlock()
	return len(c.entries)
}

// Epoch gives the epoch that is followed; 0: the stream is not open.
func (c *DecisionCache) Epoch() uint64 {
	c.lock.Lock()
	defer c.lock.Unlock()
	return c.epoch
}

// Follow takes the epoch that the stream tells; everything kept is dropped. 0: the stream is not open.
func (c *DecisionCache) Follow(epoch uint64) {
	c.lock.Lock()
	defer c.lock.Unlock()
	c.epoch, c.entries, c.order = epoch, map[string]cacheEntry{}, list.New()
}

// Find gives the answer that is kept for a question and still good, by the clock and by a steady clock.
func (c *DecisionCache) Find(key string, now time.Time, steady time.Duration) (Decision, bool) {
	c.lock.Lock()
	defer c.lock.Unlock()
	entry, kept := c.entries[key]
	if !kept {
		return Decision{}, false
	}
	if !now.Before(entry.decision.CacheableUntil) || steady >= entry.end {
		c.drop(key)
		return Decision{}, false
	}
	entry.decision.Cached = true
	return entry.decision, true
}

// Keep keeps an answer, if it may be kept; steady is when the question was sent. It says whether it is kept.
func (c *DecisionCache) Keep(key string, decision Decision, now time.Time, steady time.Duration) bool {
	until, decidedAt := decision.CacheableUntil, decision.DecidedAt
	if until.IsZero() || decidedAt.IsZero() || !until.After(decidedAt) || !until.After(now) || decision.Status != codes.OK {
		return false
	}
	c.lock.Lock()
	defer c.lock.Unlock()
	if c.epoch == 0 || decision.Epoch != c.epoch {
		return false
	}
	if _, replaced := c.entries[key]; replaced {
		c.drop(key)
	} else if len(c.entries) >= c.capacity {
		c.drop(c.order.Front().Value.(string))
	}
	c.entries[key] = cacheEntry{decision: decision, end: steady + until.Sub(decidedAt), place: c.order.PushBack(key)}
	return true
}

func (c *DecisionCache) drop(key string) {
	c.order.Remove(c.entries[key].place)
	delete(c.entries, key)
}
