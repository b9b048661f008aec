import type { UsageGroup, UsageQuery } from '../../port/usage.ts'

/** The columns of groups whose values are numbers; those of others are texts. */
const NUMBERS: ReadonlySet<string> = new Set(['sequence'])

export type GroupValue = string | number

/** By what requests are summed. */
export interface Grouping {
  /** In the order of the groups. */
  readonly columns: readonly string[]
  /** The table whose rows lie in the order of the groups; null if groups are facts of the series. */
  readonly orderedIn: 'usage_of_consumers' | 'usage_of_secrets' | null
  readonly nameOf: (values: readonly GroupValue[]) => string | null
}

const single = ([value = '']: readonly GroupValue[]): string | null => (value === '' ? null : String(value))

const GROUPINGS: Readonly<Record<UsageGroup, Grouping>> = {
  key: { columns: ['key_id'], orderedIn: 'usage_of_secrets', nameOf: single },
  secret: {
    columns: ['key_id', 'sequence'],
    orderedIn: 'usage_of_secrets',
    nameOf: ([key = '', sequence]) => (key === '' ? null : `${key}/${sequence}`),
  },
  consumer: { columns: ['consumer'], orderedIn: 'usage_of_consumers', nameOf: single },
  environment: { columns: ['environment'], orderedIn: null, nameOf: single },
  pipeline: { columns: ['pipeline'], orderedIn: null, nameOf: single },
  version: {
    columns: ['pipeline', 'version'],
    orderedIn: null,
    nameOf: ([pipeline, version]) => `${pipeline}/${version}`,
  },
  code: { columns: ['code'], orderedIn: null, nameOf: single },
}

const ONE_GROUP: Grouping = { columns: [], orderedIn: null, nameOf: () => null }

export function groupingOf(groupBy: UsageGroup | undefined): Grouping {
  return groupBy === undefined ? ONE_GROUP : GROUPINGS[groupBy]
}

/** The types of a position in the list: the start of an interval, then the values of a group. */
export function positionTypes({ columns }: Grouping): readonly ('number' | 'string')[] {
  return ['number', ...columns.map((column) => (NUMBERS.has(column) ? 'number' : 'string'))]
}

/** A position before all groups of an interval. */
export function startOf(atMs: number, { columns }: Grouping): readonly GroupValue[] {
  return [atMs, ...columns.map((column) => (NUMBERS.has(column) ? 0 : ''))]
}

/** The smallest table that has everything that a query asks about. */
export function tableOf(
  { key, consumer }: UsageQuery,
  { orderedIn }: Grouping,
): 'usage_totals' | 'usage_of_consumers' | 'usage_of_secrets' {
  if (orderedIn !== null) return orderedIn
  if (key !== undefined) return 'usage_of_secrets'
  return consumer === undefined ? 'usage_totals' : 'usage_of_consumers'
}
