import type { RateLimit } from '../pipelines/pipeline-spec.ts'
import { Interner } from './interner.ts'

/** What narrows a key's use; shared by all keys with the same rules. */
export interface KeyRules {
  readonly addressRules: readonly string[]
  readonly rateLimits: readonly RateLimit[]
}

/** What rows hold the numbers of. Shared by the tables of all revisions. */
export interface Lexicon {
  readonly names: Interner<string>
  readonly roleLists: Interner<readonly string[]>
  readonly ruleSets: Interner<KeyRules>
}

export function emptyLexicon(): Lexicon {
  return { names: new Interner(), roleLists: new Interner(), ruleSets: new Interner() }
}
