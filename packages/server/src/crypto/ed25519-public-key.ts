/** The field and the curve -x² + y² = 1 + d·x²·y² (RFC 8032 section 5.1). */
const P = 2n ** 255n - 19n
const D = 37095705934669439343138083508754565189542113879843219016388785533085940283555n

/**
 * Whether 32 bytes are a usable public key: the canonical encoding of a point on the curve (RFC 8032 section 5.1.3)
 * that is not one of the eight points of small order, under which one signature verifies for many messages. Importing
 * a key in Node.js checks neither.
 *
 * @param bytes the decoded `x` of a JWK (RFC 8037 section 2)
 */
export function isValidEd25519PublicKey(bytes: Uint8Array): boolean {
  if (bytes.length !== 32) return false
  const encoded = BigInt(`0x${Buffer.from(bytes.toReversed()).toString('hex')}`)
  const y = BigInt.asUintN(255, encoded)
  if (y >= P) return false
  const yy = (y * y) % P
  const numerator = mod(yy - 1n)
  const denominator = mod(D * yy + 1n)
  // Six of the eight have y = 0 or double to y = 0, where D·y⁴ + 2y² - 1 = 0. For y = 1 and y = -1 the numerator is 0.
  if (y === 0n || mod(D * yy * yy + 2n * yy - 1n) === 0n) return false
  // x² = numerator / denominator has a root if numerator · denominator is a square (Euler's criterion; 0 gives 0).
  return power(mod(numerator * denominator), (P - 1n) / 2n) === 1n
}

function mod(value: bigint): bigint {
  const rest = value % P
  return rest < 0n ? rest + P : rest
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n
  let square = base
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = (result * square) % P
    square = (square * square) % P
  }
  return result
}
