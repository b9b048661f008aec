import type { Parsed } from '../fields/parsed.ts'
import { containsToken, type KeyType } from '../keys/key-text.ts'
import { labelTerms } from '../labels/label-filter.ts'
import { type Labels, NO_LABELS } from '../labels/labels.ts'

/** What lies between two words: everything but letters, marks and digits. */
const BETWEEN_WORDS = /[^\p{L}\p{M}\p{N}]+/u
/** The beginnings of ids, tokens and hints that say nothing about one key. */
const KEY_PREFIX = /^(?:key_|sp_[ps]k_)/i

/** The facts of a key that searches and filters find it by. */
export interface SearchableKey {
  readonly name: string
  readonly id: string
  readonly hints: readonly string[]
  readonly roles: readonly string[]
  readonly consumer: string | null
  /** Left out for keys from before labels. */
  readonly labels?: Labels
}

/** The words of a text in lower case, each once, with compatible characters made equal (Unicode NFKC). */
function wordsOf(text: string): string[] {
  const words = text.normalize('NFKC').toLowerCase().normalize('NFKC').split(BETWEEN_WORDS)
  return [...new Set(words)].filter((word) => word !== '')
}

/**
 * The words of a search. A key is found if each of them begins a word of its name, its id, the value of a label, or
 * the last characters in a hint. The prefixes `key_`, `sp_sk_` and `sp_pk_` can be left out.
 */
export function searchedWords(search: string): string[] {
  return wordsOf(
    search
      .split(/\s+/)
      .map((part) => part.replace(KEY_PREFIX, ''))
      .join(' '),
  )
}

/** The most characters of a search. */
export const KEY_SEARCH_CHARS_MAX = 128
/** The most words of a search: each costs a look into the index. */
const SEARCHED_WORDS_MAX = 8

/** Parses a search into its words, which `searchedWords` explains. */
export function parseKeySearch(search: string): Parsed<readonly string[]> {
  if (containsToken(search)) {
    return {
      ok: false,
      problem: 'Do not put a token into a URL, which logs keep. Send it to POST …/keys/lookup instead.',
    }
  }
  const words = searchedWords(search)
  if (search.length > KEY_SEARCH_CHARS_MAX || words.length > SEARCHED_WORDS_MAX) {
    return {
      ok: false,
      problem: `A search has at most ${KEY_SEARCH_CHARS_MAX} characters and ${SEARCHED_WORDS_MAX} words.`,
    }
  }
  return /[\p{L}\p{N}]/u.test(search)
    ? { ok: true, value: words }
    : { ok: false, problem: 'A search has a letter or a digit.' }
}

/** The term of a word of a name, id or hint. */
export function wordTerm(word: string): string {
  return `w:${word}`
}

export function roleTerm(role: string): string {
  return `r:${role}`
}

export function consumerTerm(consumer: string): string {
  return `c:${consumer}`
}

/** All terms that a key is found by, each once. None contains a space. */
export function keyTerms({ name, id, hints, roles, consumer, labels = NO_LABELS }: SearchableKey): string[] {
  const shown = hints.map((hint) => hint.slice(hint.lastIndexOf('…') + 1))
  const words = wordsOf([name, id.replace(KEY_PREFIX, ''), ...shown, ...Object.values(labels)].join(' '))
  return [
    ...words.map(wordTerm),
    ...new Set(roles.map(roleTerm)),
    ...(consumer === null ? [] : [consumerTerm(consumer)]),
    ...labelTerms(labels),
  ]
}

/** The text that orders keys by name, whatever its case. */
export function nameOrder(name: string): string {
  return name.toLowerCase()
}

/** Keys of a section are alike in what nearly all lists choose by. */
export interface KeySection {
  readonly status: 'on' | 'off' | 'deleted'
  readonly type: KeyType
  readonly environment: string | null
}

/** The section of a key as one text. Names of environments have no slash. */
export function keySection(key: {
  readonly active: boolean
  readonly isDeleted: boolean
  readonly type: KeyType
  readonly environment: string | null
}): string {
  const status = key.isDeleted ? 'deleted' : key.active ? 'on' : 'off'
  return `${status}/${key.type}/${key.environment ?? ''}`
}

/** Reads what `keySection` wrote. */
export function parseKeySection(section: string): KeySection {
  const [status, type, environment] = section.split('/')
  return {
    status: status as KeySection['status'],
    type: type as KeyType,
    environment: environment === undefined || environment === '' ? null : environment,
  }
}

/**
 * When the earlier of a key's two live secrets ends: until then, the key is rolling. 0 for a key with one secret.
 *
 * @param ends of the grace of each secret in ms since 1970; null for a secret without an end
 */
export function rollingUntilMs(ends: readonly (number | null)[]): number {
  const [, second] = ends.map((end) => end ?? Infinity).toSorted((one, other) => other - one)
  return second === undefined ? 0 : Math.min(second, Number.MAX_SAFE_INTEGER)
}
