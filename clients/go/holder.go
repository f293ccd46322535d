package clawpdp

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/asn1"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"strconv"
	"strings"
	"time"
)

const coordinateSize = 32

var (
	// ErrHolderKey is that a holder's key is none. Nothing of what was read stands in it.
	ErrHolderKey = errors.New("the holder's key is no private key: a JSON Web Key or PKCS #8 in PEM is expected, of Ed25519 or P-256")

	// ErrProof is that the holder's key could not sign, so that nothing was sent. Nothing of what the signer said stands in it.
	ErrProof = errors.New("the holder's key could not sign")

	b64 = base64.RawURLEncoding.Strict()
)

// HolderKey is a key that tokens are bound to, of Ed25519 or P-256. It proves with each call that the caller holds it, by a DPoP
// proof JWT (RFC 9449). It prints its thumbprint and nothing that is secret.
type HolderKey struct {
	signer     crypto.Signer
	algorithm  string
	jwk        string
	thumbprint string
}

// ParseHolderKey takes a JSON Web Key with its private part, or PKCS #8 in PEM. What is none is ErrHolderKey.
func ParseHolderKey(text []byte) (*HolderKey, error) {
	if strings.HasPrefix(strings.TrimSpace(string(text)), "{") {
		return parseJWK(text)
	}
	block, _ := pem.Decode(text)
	if block == nil || block.Type != "PRIVATE KEY" {
		return nil, ErrHolderKey
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, ErrHolderKey
	}
	signer, isSigner := key.(crypto.Signer)
	if !isSigner {
		return nil, ErrHolderKey
	}
	return NewHolderKey(signer)
}

// NewHolderKey takes an ed25519.PrivateKey, an *ecdsa.PrivateKey of P-256, or another signer with such a public key, such as one in
// hardware. It is used by several goroutines at once where the client is. What it says when it fails is shown to nobody.
func NewHolderKey(signer crypto.Signer) (*HolderKey, error) {
	if private, isEdwards := signer.(ed25519.PrivateKey); signer == nil || (isEdwards && len(private) != ed25519.PrivateKeySize) {
		return nil, ErrHolderKey
	}
	key := &HolderKey{signer: signer}
	switch public := signer.Public().(type) {
	case ed25519.PublicKey:
		if len(public) != ed25519.PublicKeySize {
			return nil, ErrHolderKey
		}
		key.algorithm, key.jwk = "EdDSA", fmt.Sprintf(`{"crv":"Ed25519","kty":"OKP","x":"%s"}`, b64.EncodeToString(public))
	case *ecdsa.PublicKey:
		if public == nil || public.Curve != elliptic.P256() || !public.Curve.IsOnCurve(public.X, public.Y) {
			return nil, ErrHolderKey
		}
		key.algorithm, key.jwk = "ES256", fmt.Sprintf(`{"crv":"P-256","kty":"EC","x":"%s","y":"%s"}`, coordinate(public.X), coordinate(public.Y))
	default:
		return nil, ErrHolderKey
	}
	// RFC 7638: the members that every key of the kind has, sorted, without white space.
	key.thumbprint = sha256Text(key.jwk)
	return key, nil
}

// Thumbprint gives the SHA-256 thumbprint of the public key (RFC 7638), by which a token names it.
func (k *HolderKey) Thumbprint() string { return k.thumbprint }

// PublicJWK gives the public key as a JSON Web Key.
func (k *HolderKey) PublicJWK() string { return k.jwk }

// Format prints the thumbprint and nothing that is secret.
func (k *HolderKey) Format(state fmt.State, _ rune) {
	_, _ = io.WriteString(state, "clawpdp.HolderKey{"+k.thumbprint+"}")
}

// Proof makes a proof for one request. The client makes those of its own calls; this is for other requests, such as by HTTP with the
// header `dpop`. The target is scheme, authority and path; query and fragment are left out. An empty token: none comes with it.
func (k *HolderKey) Proof(method, target, token string) (string, error) {
	return k.prove(method, target, token, randomUUID(), float64(time.Now().UnixNano()/int64(time.Millisecond))/1000)
}

func (k *HolderKey) prove(method, target, token, id string, issuedAt float64) (string, error) {
	if end := strings.IndexAny(target, "?#"); end >= 0 {
		target = target[:end]
	}
	claims := `{"jti":` + quote(id) + `,"htm":` + quote(method) + `,"htu":` + quote(target) + `,"iat":` + strconv.FormatFloat(issuedAt, 'f', -1, 64)
	if token != "" {
		claims += `,"ath":"` + sha256Text(token) + `"`
	}
	header := `{"typ":"dpop+jwt","alg":"` + k.algorithm + `","jwk":` + k.jwk + `}`
	signed := b64.EncodeToString([]byte(header)) + "." + b64.EncodeToString([]byte(claims+"}"))
	signature, err := k.sign([]byte(signed))
	if err != nil {
		return "", ErrProof
	}
	return signed + "." + b64.EncodeToString(signature), nil
}

// sign gives 64 bytes, as EdDSA (RFC 8037) or ES256 (RFC 7518 section 3.4) has them.
func (k *HolderKey) sign(message []byte) ([]byte, error) {
	if k.algorithm == "EdDSA" {
		signature, err := k.signer.Sign(rand.Reader, message, crypto.Hash(0))
		if err == nil && len(signature) != ed25519.SignatureSize {
			err = ErrProof
		}
		return signature, err
	}
	digest := sha256.Sum256(message)
	der, err := k.signer.Sign(rand.Reader, digest[:], crypto.SHA256)
	if err != nil {
		return nil, err
	}
	var point struct{ R, S *big.Int }
	if rest, err := asn1.Unmarshal(der, &point); err != nil || len(rest) > 0 || !isScalar(point.R) || !isScalar(point.S) {
		return nil, ErrProof
	}
	signature := make([]byte, 2*coordinateSize)
	point.R.FillBytes(signature[:coordinateSize])
	point.S.FillBytes(signature[coordinateSize:])
	return signature, nil
}

func parseJWK(text []byte) (*HolderKey, error) {
	var jwk struct{ Kty, Crv, D, X, Y string }
	if json.Unmarshal(text, &jwk) != nil {
		return nil, ErrHolderKey
	}
	scalar, err := b64.DecodeString(jwk.D)
	if err != nil || len(scalar) != coordinateSize {
		return nil, ErrHolderKey
	}
	var signer crypto.Signer
	switch jwk.Kty + " " + jwk.Crv {
	case "OKP Ed25519":
		signer = ed25519.NewKeyFromSeed(scalar)
	case "EC P-256":
		private := &ecdsa.PrivateKey{PublicKey: ecdsa.PublicKey{Curve: elliptic.P256()}, D: new(big.Int).SetBytes(scalar)}
		if private.D.Sign() == 0 || private.D.Cmp(private.Params().N) >= 0 {
			return nil, ErrHolderKey
		}
		private.X, private.Y = private.ScalarBaseMult(scalar)
		signer = private
	default:
		return nil, ErrHolderKey
	}
	key, err := NewHolderKey(signer)
	if err != nil {
		return nil, err
	}
	// Its parts may be of different keys.
	var stated struct{ X, Y string }
	if json.Unmarshal([]byte(key.jwk), &stated) != nil || stated.X != jwk.X || stated.Y != jwk.Y {
		return nil, ErrHolderKey
	}
	return key, nil
}

func isScalar(value *big.Int) bool {
	return value != nil && value.Sign() > 0 && value.BitLen() <= 8*coordinateSize
}

func coordinate(value *big.Int) string {
	return b64.EncodeToString(value.FillBytes(make([]byte, coordinateSize)))
}

func sha256Text(text string) string {
	sum := sha256.Sum256([]byte(text))
	return b64.EncodeToString(sum[:])
}

func quote(text string) string {
	var quoted strings.Builder
	encoder := json.NewEncoder(&quoted)
	encoder.SetEscapeHTML(false)
	// A string always has a JSON form.
	_ = encoder.Encode(text)
	return strings.TrimSuffix(quoted.String(), "\n")
}

func randomUUID() string {
	id := randomID()
	return id[:8] + "-" + id[8:12] + "-4" + id[13:16] + "-a" + id[17:20] + "-" + id[20:]
}
