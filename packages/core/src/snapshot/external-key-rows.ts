import type { ExternalKeyRecord } from '../feed/records.ts'
import type { KeyId } from '../keys/key-text.ts'
import { NO_LABELS } from '../labels/labels.ts'
import {
  idField,
  isValueField,
  moveValue,
  NATURAL_HASH_AT,
  rowFlags,
  rowId,
  rowLength,
  valueField,
} from '../tables/row.ts'
import { hashOfText } from '../tables/text-hash.ts'
import { KEY_PREFIX } from './key-rows.ts'
import type { RecordRows } from './record-table.ts'
import { bareHome, HOME, NO_RULES, RULES } from './shared-values.ts'

/*
 * An external key is 9 words, and one for its rules if it has any.
 */
const PREFIX = 'ext_'

const HOME_AT = 5
const KEY_AT = 6
const FIXED_WORDS = 9

const FLAG_INACTIVE = 1
const FLAG_RULES = 2

/** @param organization the organization that grants the roles, not the key's own */
export function externalKeyNaturalKey(organization: string, keyId: string): string {
  return `${organization} ${keyId}`
}

export const EXTERNAL_KEY_ROWS: RecordRows<ExternalKeyRecord> = {
  prefix: PREFIX,

  naturalKeyAt(words, at, pool) {
    const { organization } = valueField(words, at, HOME_AT, HOME, pool)
    return externalKeyNaturalKey(organization, idField(words, at, KEY_AT, KEY_PREFIX))
  },

  write({ organization, id, keyId, roles, active, addressRules, rateLimits }, row) {
    const hasRules = addressRules.length > 0 || rateLimits.length > 0
    row.begin(FIXED_WORDS + (hasRules ? 1 : 0))
    row.words[NATURAL_HASH_AT] = hashOfText(externalKeyNaturalKey(organization, keyId), row.context.seed)
    row.value(HOME_AT, { ...bareHome(organization, null), names: roles }, HOME)
    row.id(KEY_AT, keyId, KEY_PREFIX)
    if (hasRules) row.value(FIXED_WORDS, { addressRules, rateLimits, labels: NO_LABELS }, RULES)
    row.end(id, PREFIX, (active ? 0 : FLAG_INACTIVE) | (hasRules ? FLAG_RULES : 0))
  },

  read(words, at, pool, id = rowId(words, at, PREFIX)): ExternalKeyRecord {
    const flags = rowFlags(words, at)
    const { organization, names } = valueField(words, at, HOME_AT, HOME, pool)
    const { addressRules, rateLimits } =
      (flags & FLAG_RULES) === 0 ? NO_RULES : valueField(words, at, FIXED_WORDS, RULES, pool)
    return {
      kind: 'external-key',
      organization,
      id,
      keyId: idField(words, at, KEY_AT, KEY_PREFIX) as KeyId,
      roles: names,
      active: (flags & FLAG_INACTIVE) === 0,
      addressRules,
      rateLimits,
    }
  },

  isSound(words, at, pool) {
    const hasRules = (rowFlags(words, at) & FLAG_RULES) !== 0
    return (
      rowLength(words, at) >= FIXED_WORDS + (hasRules ? 1 : 0) &&
      isValueField(words, at, HOME_AT, HOME, pool) &&
      (!hasRules || isValueField(words, at, FIXED_WORDS, RULES, pool))
    )
  },
  moveValues(words, at, placeOf) {
    moveValue(words, at, HOME_AT, placeOf)
    if ((rowFlags(words, at) & FLAG_RULES) !== 0) moveValue(words, at, FIXED_WORDS, placeOf)
  },
}
