const PRIMES = [
  3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107,
  109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167,
]
const GENERATOR = 65_537

/** For each prime what powers of the generator leave as a remainder. */
const REMAINDERS = PRIMES.map((prime) => {
  const remainders = new Set<number>()
  for (let power = 1; !remainders.has(power); power = (power * GENERATOR) % prime) remainders.add(power)
  return remainders
})

/**
 * Whether a modulus has the mark of the key generator of CVE-2017-15361 (ROCA), whose keys can be factored: it is a
 * power of 65537 modulo every small prime. Of sound keys not one in a hundred million has it.
 */
export function hasRocaMark(modulus: bigint): boolean {
  return PRIMES.every((prime, index) => REMAINDERS[index]?.has(Number(modulus % BigInt(prime))) === true)
}
