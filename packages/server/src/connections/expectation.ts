/** What a caller expects before it sends its body. */
export type Expectation = 'nothing' | 'continue' | 'unknown'

/**
 * Reads `Expect` (RFC 9110 section 10.1.1). Node.js takes every value that has the word in it for `100-continue`.
 *
 * @param value the header's value; undefined without one
 */
export function readExpectation(value: string | undefined): Expectation {
  if (value === undefined) return 'nothing'
  const members = value
    .split(',')
    .map((member) => member.trim().toLowerCase())
    .filter((member) => member !== '')
  if (members.length === 0) return 'nothing'
  return members.every((member) => member === '100-continue') ? 'continue' : 'unknown'
}
