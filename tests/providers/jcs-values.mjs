// Writes random JSON values, one per line, each with its canonical form by an independent implementation (RFC 8785):
//   node jcs-values.mjs COUNT SEED
// A line is the value's text, a tab, and the canonical text. The value's text has its members shuffled, its strings escaped at
// random and its numbers in forms that an ECMAScript writer would not choose. The same seed gives the same lines.
import canonicalize from 'canonicalize'

const [count, seed] = process.argv.slice(2).map(Number)

// mulberry32: small, seeded, good enough to choose test values.
let state = seed >>> 0
const random = () => {
  state = (state + 0x6d2b79f5) >>> 0
  let mixed = state
  mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
}
const below = (limit) => Math.floor(random() * limit)
const pick = (list) => list[below(list.length)]

const tricky = [
  0, -0, 1, -1, 2 ** 53 - 1, 2 ** 53, 2 ** 53 + 2, -(2 ** 53), 1e20, 1e21, 1.5e21, 1e-6, 1e-7, 9.999e-7, 5e-324, 2.2250738585072014e-308,
  2.225073858507201e-308, 1.7976931348623157e308, 333333333.3333333, 0.1, 0.1 + 0.2, 4.35, 1e23, 9007199254740993, 123456789012345680000,
  0.000001, 1.1e-5, 4.9e-324, 295147905179352830000,
]
const view = new DataView(new ArrayBuffer(8))
const anyDouble = () => {
  for (;;) {
    view.setUint32(0, below(2 ** 32))
    view.setUint32(4, below(2 ** 32))
    const value = view.getFloat64(0)
    if (Number.isFinite(value)) return value
  }
}
const numbers = [() => pick(tricky), anyDouble, () => below(2 ** 31) - 2 ** 30, () => random() * 10 ** (below(40) - 20), () => below(2 ** 32) * 2 ** below(30)]
const forms = [(x) => JSON.stringify(x), (x) => x.toExponential(), (x) => x.toExponential(20), (x) => x.toPrecision(17), (x) => x.toExponential().replace('e', 'E')]

const alphabet = ['a', 'Z', '0', '/', '<', '&', '"', '\\', '\b', '\n', '\u0001', '\u001f', '\u007f', '\u0080', 'é', '\u2028', '\u2029', '\ue000', '\uffff', '\ufb33', '😀', '𝄞', '\u{10ffff}', '\u{10000}', '-', '_', ' ']
const text = (length) => Array.from({ length: below(length) }, () => pick(alphabet)).join('')
const escaped = (value) =>
  '"' + Array.from({ length: value.length }, (_, at) => value.charCodeAt(at)).map((unit) => {
    const written = JSON.stringify(String.fromCharCode(unit)).slice(1, -1)
    const isHalf = unit >= 0xd800 && unit < 0xe000
    if (random() < 0.2 || (isHalf && written.startsWith('\\u'))) return '\\u' + unit.toString(16).padStart(4, '0')[random() < 0.5 ? 'toUpperCase' : 'toString']()
    return written
  }).join('') + '"'

// Gives [value, text]. A name that ECMAScript would reorder is still fine here: the canonical form sorts.
const make = (depth) => {
  const kind = below(depth > 3 ? 4 : 6)
  if (kind === 0) return pick([[null, 'null'], [true, 'true'], [false, 'false']])
  if (kind < 3) {
    const value = pick(numbers)()
    return [value, pick(forms)(value)]
  }
  if (kind === 3) {
    const value = text(12)
    return [value, escaped(value)]
  }
  const items = Array.from({ length: below(6) }, () => make(depth + 1))
  if (kind === 4) return [items.map(([value]) => value), '[' + items.map(([, written]) => written).join(' , ') + ']']
  const named = new Map(items.map((item) => [text(5), item]))
  const value = Object.create(null)
  for (const [name, [member]] of named) value[name] = member
  return [value, '{' + [...named].map(([name, [, written]]) => escaped(name) + ': ' + written).join(',') + '}']
}

let lines = []
for (let number = 0; number < count; number++) {
  const [value, written] = make(0)
  lines.push(written + '\t' + canonicalize(value))
  if (lines.length === 1000 || number === count - 1) {
    process.stdout.write(lines.join('\n') + '\n')
    lines = []
  }
}
