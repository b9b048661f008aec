/** Where JSONata's own script looks for base64 when it is not in Node.js. */
export interface Base64Scope {
  window?: { btoa: (text: string) => string; atob: (text: string) => string }
}

/**
 * Gives the sandbox base64 (RFC 4648 section 4), which the language alone does not have in Node.js 24. As JSONata has
 * it, each character is a byte. Like `sandboxProgram`, only the text of this goes into the sandbox.
 */
export function sandboxBase64(scope: Base64Scope): void {
  const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
  const VALUES = new Map(DIGITS.split('').map((digit, value) => [digit, value]))
  // What an encoder for URLs wrote is read too (RFC 4648 section 5).
  VALUES.set('-', 62).set('_', 63)

  function btoa(text: string): string {
    let encoded = ''
    for (let start = 0; start < text.length; start += 3) {
      let bits = 0
      for (let index = start; index < start + 3; index += 1) {
        const byte = index < text.length ? text.charCodeAt(index) : 0
        if (byte > 0xff) throw new RangeError('A character is no byte.')
        bits = (bits << 8) | byte
      }
      const digits = Math.min(3, text.length - start) + 1
      for (let index = 0; index < 4; index += 1) {
        encoded += index < digits ? DIGITS.charAt((bits >> (18 - 6 * index)) & 63) : '='
      }
    }
    return encoded
  }

  /** Skips what is no digit, as Node.js does, and stops at the padding. */
  function atob(text: string): string {
    let decoded = ''
    let bits = 0
    let count = 0
    for (const character of text) {
      if (character === '=') break
      const value = VALUES.get(character)
      if (value === undefined) continue
      bits = ((bits << 6) | value) & 0xffff
      count += 6
      if (count < 8) continue
      count -= 8
      decoded += String.fromCharCode((bits >> count) & 0xff)
    }
    return decoded
  }

  scope.window = { btoa, atob }
}
