import type { ConsumerRecord } from '../feed/records.ts'
import { isUnlabelled, NO_LABELS } from '../labels/labels.ts'
import { readText, textWordsOf } from '../tables/packed-text.ts'
import { isValueField, moveValue, rowFlags, rowId, rowLength, valueField } from '../tables/row.ts'
import type { RecordRows } from './record-table.ts'
import { HOME, LABELS } from './shared-values.ts'

/*
 * A consumer is 5 words, one for its labels if it has any, and its name.
 */
export const CONSUMER_PREFIX = 'con_'

const HOME_AT = 4
const FIXED_WORDS = 5

const FLAG_INACTIVE = 1
const FLAG_LABELS = 2

function nameAt(words: Uint32Array, at: number): number {
  return at + FIXED_WORDS + ((rowFlags(words, at) & FLAG_LABELS) === 0 ? 0 : 1)
}

export const CONSUMER_ROWS: RecordRows<ConsumerRecord> = {
  prefix: CONSUMER_PREFIX,
  naturalKeyAt: null,

  write({ organization, id, name, environment, active, pipelines, ...more }, row) {
    const { projects = [], labels = NO_LABELS, plan = null } = more
    const isLabelled = !isUnlabelled(labels)
    row.begin(FIXED_WORDS + (isLabelled ? 1 : 0))
    row.text(name)
    row.value(HOME_AT, { organization, environment, names: pipelines, projects, plan }, HOME)
    if (isLabelled) row.value(FIXED_WORDS, labels, LABELS)
    row.end(id, CONSUMER_PREFIX, (active ? 0 : FLAG_INACTIVE) | (isLabelled ? FLAG_LABELS : 0))
  },

  read(words, at, pool, id = rowId(words, at, CONSUMER_PREFIX)): ConsumerRecord {
    const flags = rowFlags(words, at)
    const { organization, environment, names, projects, plan } = valueField(words, at, HOME_AT, HOME, pool)
    return {
      kind: 'consumer',
      organization,
      id,
      name: readText(words, nameAt(words, at)),
      environment: environment ?? '',
      active: (flags & FLAG_INACTIVE) === 0,
      pipelines: names,
      ...(projects.length === 0 ? {} : { projects }),
      ...((flags & FLAG_LABELS) !== 0 && { labels: valueField(words, at, FIXED_WORDS, LABELS, pool) }),
      ...(plan !== null && { plan }),
    }
  },

  isSound(words, at, pool) {
    const name = nameAt(words, at)
    const end = at + rowLength(words, at)
    return (
      name < end &&
      name + textWordsOf(words[name] ?? 0) <= end &&
      isValueField(words, at, HOME_AT, HOME, pool) &&
      ((rowFlags(words, at) & FLAG_LABELS) === 0 || isValueField(words, at, FIXED_WORDS, LABELS, pool))
    )
  },
  moveValues(words, at, placeOf) {
    moveValue(words, at, HOME_AT, placeOf)
    if ((rowFlags(words, at) & FLAG_LABELS) !== 0) moveValue(words, at, FIXED_WORDS, placeOf)
  },
}
