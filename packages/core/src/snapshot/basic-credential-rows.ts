import type { BasicCredentialRecord } from '../feed/records.ts'
import { readText, textWordsOf } from '../tables/packed-text.ts'
import {
  idField,
  isValueField,
  moveValue,
  NATURAL_HASH_AT,
  rowId,
  rowLength,
  valueField,
} from '../tables/row.ts'
import { hashOfText } from '../tables/text-hash.ts'
import { CONSUMER_PREFIX } from './consumer-rows.ts'
import type { RecordRows } from './record-table.ts'
import { bareHome, HOME } from './shared-values.ts'

/*
 * A Basic credential is 9 words, its username and the hash of its password.
 */
const PREFIX = 'bas_'

const HOME_AT = 5
const CONSUMER_AT = 6
const USERNAME_AT = 9

/** Slugs and environment names contain no space, so two different credentials never get the same natural key. */
export function basicCredentialNaturalKey(
  organization: string,
  environment: string,
  username: string,
): string {
  return `${organization} ${environment} ${username}`
}

function passwordHashAt(words: Uint32Array, at: number): number {
  return at + USERNAME_AT + textWordsOf(words[at + USERNAME_AT] ?? 0)
}

export const BASIC_CREDENTIAL_ROWS: RecordRows<BasicCredentialRecord> = {
  prefix: PREFIX,

  naturalKeyAt(words, at, pool) {
    const { organization, environment } = valueField(words, at, HOME_AT, HOME, pool)
    return basicCredentialNaturalKey(organization, environment ?? '', readText(words, at + USERNAME_AT))
  },

  write({ organization, environment, id, username, consumer, passwordHash }, row) {
    row.begin(USERNAME_AT)
    row.text(username)
    row.text(passwordHash)
    const naturalKey = basicCredentialNaturalKey(organization, environment, username)
    row.words[NATURAL_HASH_AT] = hashOfText(naturalKey, row.context.seed)
    row.value(HOME_AT, bareHome(organization, environment), HOME)
    row.id(CONSUMER_AT, consumer, CONSUMER_PREFIX)
    row.end(id, PREFIX, 0)
  },

  read(words, at, pool, id = rowId(words, at, PREFIX)): BasicCredentialRecord {
    const { organization, environment } = valueField(words, at, HOME_AT, HOME, pool)
    return {
      kind: 'basic-credential',
      organization,
      environment: environment ?? '',
      id,
      username: readText(words, at + USERNAME_AT),
      consumer: idField(words, at, CONSUMER_AT, CONSUMER_PREFIX),
      passwordHash: readText(words, passwordHashAt(words, at)),
    }
  },

  isSound(words, at, pool) {
    const end = at + rowLength(words, at)
    const hash = passwordHashAt(words, at)
    return (
      at + USERNAME_AT < end &&
      hash < end &&
      hash + textWordsOf(words[hash] ?? 0) <= end &&
      isValueField(words, at, HOME_AT, HOME, pool)
    )
  },
  moveValues(words, at, placeOf) {
    moveValue(words, at, HOME_AT, placeOf)
  },
}
