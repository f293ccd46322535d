package clawpdp

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"sort"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

const depthMax = 64

// ErrDigest is what every error of Digest, DigestJSON and Canonical wraps: a value that has no canonical JSON form.
var ErrDigest = errors.New("no canonical JSON form")

// Digest gives the SHA-256 of a value's canonical JSON form (RFC 8785): base64url, 43 characters. The value is written by
// encoding/json first. Text that is no UTF-8, a number that is not finite, an integer that changes when it is read as a
// double, an object with a name twice and more than 64 levels are errors that wrap ErrDigest; none of them holds the value.
func Digest(value interface{}) (string, error) {
	text, err := json.Marshal(value)
	if err != nil {
		return "", fmt.Errorf("%w: encoding/json cannot write a %T", ErrDigest, value)
	}
	form, err := canonical(text, true)
	return hash(form), err
}

// DigestJSON gives the digest of a JSON text. Numbers are read as RFC 8785 says: as the nearest double, whatever their digits.
func DigestJSON(text []byte) (string, error) {
	form, err := canonical(text, false)
	return hash(form), err
}

// Canonical gives the canonical form (RFC 8785) of a JSON text.
func Canonical(text []byte) ([]byte, error) {
	return canonical(text, false)
}

func hash(form []byte) string {
	if form == nil {
		return ""
	}
	sum := sha256.Sum256(form)
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

func canonical(text []byte, marshalled bool) ([]byte, error) {
	if !json.Valid(text) {
		return nil, fmt.Errorf("%w: not a JSON text", ErrDigest)
	}
	if !isUnicode(text, marshalled) {
		return nil, fmt.Errorf("%w: text that is not Unicode", ErrDigest)
	}
	tokens := json.NewDecoder(bytes.NewReader(text))
	tokens.UseNumber()
	writer := canonicalWriter{tokens: tokens, exact: marshalled}
	if err := writer.value(0); err != nil {
		return nil, err
	}
	return writer.out.Bytes(), nil
}

// isUnicode finds what encoding/json would replace without a word: bytes that are no UTF-8, and surrogates without their
// other half. In what encoding/json has written itself, the escape \ufffd stands where it replaced something.
func isUnicode(text []byte, marshalled bool) bool {
	if !utf8.Valid(text) {
		return false
	}
	for at := 0; at < len(text); at++ {
		if text[at] != '\\' {
			continue
		}
		at++
		if text[at] != 'u' {
			continue
		}
		unit := escaped(text[at-1:])
		at += 4
		switch {
		case marshalled && unit == utf8.RuneError:
			return false
		case !utf16.IsSurrogate(unit):
		case utf16.DecodeRune(unit, escaped(text[at+1:])) == utf8.RuneError:
			return false
		default:
			at += 6
		}
	}
	return true
}

// escaped gives the code unit of the escape that the text begins with, and -1 where it begins with none.
func escaped(text []byte) rune {
	if len(text) < 6 || text[0] != '\\' || text[1] != 'u' {
		return -1
	}
	unit, err := strconv.ParseUint(string(text[2:6]), 16, 16)
	if err != nil {
		return -1
	}
	return rune(unit)
}

type canonicalWriter struct {
	tokens *json.Decoder
	out    bytes.Buffer
	exact  bool
}

func (w *canonicalWriter) value(depth int) error {
	token, err := w.tokens.Token()
	if err != nil {
		return fmt.Errorf("%w: not a JSON text", ErrDigest)
	}
	switch token := token.(type) {
	case nil:
		w.out.WriteString("null")
	case bool:
		w.out.WriteString(strconv.FormatBool(token))
	case string:
		w.text(token)
	case json.Number:
		return w.number(token.String())
	case json.Delim:
		if depth == depthMax {
			return fmt.Errorf("%w: more than 64 levels", ErrDigest)
		}
		if token == '[' {
			return w.array(depth)
		}
		return w.object(depth)
	}
	return nil
}

func (w *canonicalWriter) array(depth int) error {
	w.out.WriteByte('[')
	for first := true; w.tokens.More(); first = false {
		if !first {
			w.out.WriteByte(',')
		}
		if err := w.value(depth + 1); err != nil {
			return err
		}
	}
	w.out.WriteByte(']')
	_, err := w.tokens.Token()
	return err
}

func (w *canonicalWriter) object(depth int) error {
	members := map[string][]byte{}
	var names []string
	for w.tokens.More() {
		token, err := w.tokens.Token()
		name, isName := token.(string)
		if err != nil || !isName {
			return fmt.Errorf("%w: not a JSON text", ErrDigest)
		}
		if _, twice := members[name]; twice {
			return fmt.Errorf("%w: an object has a name twice", ErrDigest)
		}
		member := canonicalWriter{tokens: w.tokens, exact: w.exact}
		if err := member.value(depth + 1); err != nil {
			return err
		}
		members[name] = member.out.Bytes()
		names = append(names, name)
	}
	sort.Slice(names, func(left, right int) bool { return lessUTF16(names[left], names[right]) })
	w.out.WriteByte('{')
	for index, name := range names {
		if index > 0 {
			w.out.WriteByte(',')
		}
		w.text(name)
		w.out.WriteByte(':')
		w.out.Write(members[name])
	}
	w.out.WriteByte('}')
	_, err := w.tokens.Token()
	return err
}

// lessUTF16 orders by UTF-16 code units, as RFC 8785 section 3.2.3 asks for.
func lessUTF16(left, right string) bool {
	one, other := utf16.Encode([]rune(left)), utf16.Encode([]rune(right))
	for index := 0; index < len(one) && index < len(other); index++ {
		if one[index] != other[index] {
			return one[index] < other[index]
		}
	}
	return len(one) < len(other)
}

func (w *canonicalWriter) text(value string) {
	short := map[rune]string{'"': `\"`, '\\': `\\`, '\b': `\b`, '\t': `\t`, '\n': `\n`, '\f': `\f`, '\r': `\r`}
	w.out.WriteByte('"')
	for _, char := range value {
		if escape, known := short[char]; known {
			w.out.WriteString(escape)
		} else if char < 0x20 {
			fmt.Fprintf(&w.out, `\u%04x`, char)
		} else {
			w.out.WriteRune(char)
		}
	}
	w.out.WriteByte('"')
}

// number writes a number as ECMAScript does (Number::toString), which RFC 8785 section 3.2.2.3 asks for.
func (w *canonicalWriter) number(text string) error {
	value, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsInf(value, 0) {
		return fmt.Errorf("%w: a number beyond a double", ErrDigest)
	}
	form := "0"
	if magnitude := math.Abs(value); magnitude != 0 {
		// Both Go and ECMAScript write the fewest digits that read back as the same double; only the form differs.
		form = strconv.FormatFloat(value, 'f', -1, 64)
		if magnitude < 1e-6 || magnitude >= 1e21 {
			form = strings.NewReplacer("e-0", "e-", "e+0", "e+").Replace(strconv.FormatFloat(value, 'e', -1, 64))
		}
	}
	if w.exact && form != text && !strings.ContainsAny(text, ".eE") && text != "-0" {
		return fmt.Errorf("%w: an integer that changes when it is read as a double", ErrDigest)
	}
	w.out.WriteString(form)
	return nil
}
