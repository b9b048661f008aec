import { containsToken } from '../keys/key-text.ts'
import type { Parsed } from './parsed.ts'

/** Makes a parser refuse texts with a token. Lists, exports and the audit log show such texts, and the log keeps them for good. */
export function tokenless<T>(parse: (text: string) => Parsed<T>): (text: string) => Parsed<T> {
  return (text) => (containsToken(text) ? { ok: false, problem: TOKEN_PROBLEM } : parse(text))
}

const TOKEN_PROBLEM = 'Do not put a token here: lists, exports and the audit log show this text. Remove it.'
