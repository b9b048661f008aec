/** The global object on which JSONata looks for base64 outside Node.js. */
export interface Base64Scope {
  window?: { btoa: (text: string) => string; atob: (text: string) => string }
}

/**
 * Adds base64 (RFC 4648 section 4) to the sandbox, because the language itself lacks it in Node.js 24. As in JSONata,
 * each character is one byte. Like `sandboxProgram`, only this function's source text enters the sandbox.
 */
export function sandboxBase64(scope: Base64Scope): void {
  const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
  const VALUES = new Map(DIGITS.split('').map((digit, value) => [digit, value]))
  // The URL-safe alphabet is accepted too (RFC 4648 section 5).
  VALUES.set('-', 62).set('_', 63)

  function btoa(text: string): string {
    let encoded = ''
    for (let start = 0; start < text.length; start += 3) {
      let bits = 0
      for (let index = start; index < start + 3; index += 1) {
        const byte = index < text.length ? text.charCodeAt(index) : 0
        if (byte > 0xff) throw new RangeError('A character is above U+00FF.')
        bits = (bits << 8) | byte
      }
      const digits = Math.min(3, text.length - start) + 1
      for (let index = 0; index < 4; index += 1) {
        encoded += index < digits ? DIGITS.charAt((bits >> (18 - 6 * index)) & 63) : '='
      }
    }
    return encoded
  }

  /** Ignores unknown characters, as Node.js does, and stops at the padding. */
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
