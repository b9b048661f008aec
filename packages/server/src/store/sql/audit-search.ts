import { type Expression, type RawBuilder, sql, type SqlBool } from 'kysely'
import type { AuditFilter } from '../port/audit-events.ts'

/** A condition on audit events, in a form that an index serves, and in one that none does. */
export interface AuditCondition {
  readonly indexed: Expression<SqlBool>
  /** Leaves the choice of the index to the other conditions. */
  readonly unindexed: Expression<SqlBool>
}

/** An index serves only the very same expression that migration 12 made it of. */
const RESOURCE = firstWord('action')
const KIND = firstWord('target')

function firstWord(column: string): string {
  return `substr(${column}, 1, length(${column}) - length(ltrim(${column}, 'abcdefghijklmnopqrstuvwxyz-')))`
}

function equals(expression: string, value: string): AuditCondition {
  return {
    indexed: sql<SqlBool>`${sql.raw(expression)} = ${value}`,
    unindexed: sql<SqlBool>`${sql.raw(expression)} || '' = ${value}`,
  }
}

/** The conditions of a filter besides its times, the one that usually finds the fewest events first. */
export function factsOf({ actor, action, target }: AuditFilter): readonly AuditCondition[] {
  const conditions: AuditCondition[] = []
  if (target !== undefined && !target.endsWith('/')) conditions.push(equals('target', target))
  if (actor !== undefined) conditions.push(equals('actor', actor))
  if (action !== undefined && !action.endsWith('.*')) conditions.push(equals('action', action))
  if (target?.endsWith('/') === true) conditions.push(equals(KIND, target.slice(0, -1)))
  if (action?.endsWith('.*') === true) conditions.push(equals(RESOURCE, action.slice(0, -2)))
  return conditions
}

/** The condition that the index by time serves: every event has it. */
export const ANY: Pick<AuditCondition, 'indexed'> = { indexed: sql<SqlBool>`sequence * 0 = 0` }

function happened(comparison: RawBuilder<unknown>): AuditCondition {
  return {
    indexed: sql<SqlBool>`happened_at ${comparison}`,
    unindexed: sql<SqlBool>`happened_at + 0 ${comparison}`,
  }
}

/** The times of a filter. */
export function timesOf({ fromMs, toMs }: AuditFilter): readonly AuditCondition[] {
  return [
    ...(fromMs === undefined ? [] : [happened(sql`>= ${fromMs}`)]),
    ...(toMs === undefined ? [] : [happened(sql`< ${toMs}`)]),
  ]
}

/** A position in the order of time, compared with that of a row. */
export function isPlaced(
  comparison: '<' | '>=',
  [atMs, sequence]: readonly [atMs: number, sequence: number],
): Expression<SqlBool> {
  return sql<SqlBool>`(happened_at, sequence) ${sql.raw(comparison)} (${atMs}, ${sequence})`
}
