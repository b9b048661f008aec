import { type ParsedToken, parseToken, TOKEN_CHARS } from '@sallyport/core/key-text'

/** 1 for each byte that can be part of a token: base62 characters and `_`. */
export const WORD_BYTES = Uint8Array.from({ length: 256 }, (_, byte) =>
  /\w/.test(String.fromCharCode(byte)) ? 1 : 0,
)

/** How many bytes a character has: 1 in UTF-8 and other extensions of ASCII, 2 in UTF-16. */
export type CharBytes = 1 | 2

/** A token in a buffer, and the index of its first byte. */
export interface TokenAt {
  readonly token: ParsedToken
  readonly index: number
  readonly charBytes: CharBytes
}

/** The part of a buffer that is searched. */
export interface Window {
  readonly bytes: Buffer
  /** The index of the first byte that is known. Unless the text starts there, it is context before the searched part. */
  readonly start: number
  /** The index after the last byte that is known. */
  readonly end: number
  /** Whether the text ends at `end`. */
  readonly isLast: boolean
}

/** How many characters before a token are read to see whether it is a word of its own. */
export const CONTEXT_CHARS = 24

/**
 * The most word characters between the start of a run of them and a token in it: the `u003d` of `\u003dsp_sk_…`, or the
 * last number of a terminal colour and its `m`.
 */
export const ESCAPE_CHARS_MAX = 5

/** Escape sequences that end in a word character: of C, JSON and URLs, and colours of terminals. */
const ESCAPE_AT_END =
  /(?:\\[a-zA-Z]|\\x[\da-fA-F]{2}|\\u[\da-fA-F]{4}|\\[0-7]{1,3}|%[\da-fA-F]{2}|\u001B\[[\d;]*m)$/

const PREFIX_BYTES = Buffer.from('sp__k_')
const VARIABLE_PREFIX_BYTE = 3

/**
 * The token at an index, if there is one with a right check and it is a word of its own. An escape sequence in front of it
 * does not count as a part of the word: the `n` in `"\nsp_sk_…"`.
 *
 * The caller has made sure that all bytes of the token are in the window.
 */
export function tokenAt(window: Window, index: number, charBytes: CharBytes): ParsedToken | undefined {
  const { bytes } = window
  for (let char = 0; char < PREFIX_BYTES.length; char += 1) {
    if (char === VARIABLE_PREFIX_BYTE) continue
    if (bytes[index + char * charBytes] !== PREFIX_BYTES[char]) return undefined
  }
  if (continues(window, index + TOKEN_CHARS * charBytes, charBytes)) return undefined
  const before = contextBefore(window, index, charBytes)
  if (/\w$/.test(before) && !ESCAPE_AT_END.test(before)) return undefined
  return parseToken(textAt(bytes, index, TOKEN_CHARS, charBytes))
}

/** Whether a word goes on at an index. In UTF-16 of either byte order, the byte before it is zero. */
function continues({ bytes, end }: Window, index: number, charBytes: CharBytes): boolean {
  if (index >= end || WORD_BYTES[bytes[index] ?? 0] !== 1) return false
  return charBytes === 1 || bytes[index - 1] === 0
}

/** The characters before an index, at most `CONTEXT_CHARS`. In UTF-16, those before a non-ASCII character are left out. */
function contextBefore({ bytes, start }: Window, index: number, charBytes: CharBytes): string {
  let chars = Math.min(CONTEXT_CHARS, Math.floor((index - start) / charBytes))
  if (charBytes === 2) {
    let ascii = 0
    while (ascii < chars && bytes[index - 2 * ascii - 1] === 0) ascii += 1
    chars = ascii
  }
  return textAt(bytes, index - chars * charBytes, chars, charBytes)
}

function textAt(bytes: Buffer, index: number, chars: number, charBytes: CharBytes): string {
  if (charBytes === 1) return bytes.toString('latin1', index, index + chars)
  let text = ''
  for (let char = 0; char < chars; char += 1) text += String.fromCharCode(bytes[index + char * 2] ?? 0)
  return text
}
