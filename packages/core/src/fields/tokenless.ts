import { containsToken } from '../keys/key-text.ts'
import type { Parsed } from './parsed.ts'

/** Lets a parser of a text that lists, exports and the audit log show refuse tokens, which would then be there for good. */
export function tokenless<T>(parse: (text: string) => Parsed<T>): (text: string) => Parsed<T> {
  return (text) => (containsToken(text) ? { ok: false, problem: TOKEN_PROBLEM } : parse(text))
}

const TOKEN_PROBLEM = 'Do not put a token here, which lists, exports and the audit log show. Remove it.'
