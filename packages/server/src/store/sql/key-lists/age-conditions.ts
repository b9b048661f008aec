import {
  createdForFreshness,
  endedIfCreatedByMs,
  type KeyAge,
  keyAgeId,
  NO_KEY_AGE,
  parseKeySection,
} from '@sallyport/core'
import { sql } from 'kysely'
import type { KeyFilter } from '../../port/key-lists.ts'
import type { SizedSection } from './sections.ts'
import type { Condition, Range } from './segments.ts'

/** A section with the policy that its keys follow. */
export interface AgedSection extends SizedSection {
  readonly age: KeyAge
}

/** @param ages by `keyAgeId` */
export function withAge(section: SizedSection, ages: ReadonlyMap<string, KeyAge>): AgedSection {
  const { environment } = parseKeySection(section.section)
  return { ...section, age: ages.get(keyAgeId(environment)) ?? NO_KEY_AGE }
}

/** What is left of a filter by freshness. */
export interface FreshSections {
  /** Those in which keys can have the freshness. */
  readonly sections: readonly AgedSection[]
  /** The creation of their current secrets, if it is the same for all sections. */
  readonly range: Range | undefined
  /** The same as a condition on a row called `aging`, if it is not. */
  readonly condition: Condition | undefined
}

export function freshSections(
  sections: readonly AgedSection[],
  freshness: KeyFilter['freshness'],
): FreshSections {
  if (freshness === undefined) return { sections, range: undefined, condition: undefined }
  const possible = sections.flatMap((one) => {
    const range = createdForFreshness(freshness.is, one.age.rotationReminderDays, freshness.atMs)
    return range === undefined ? [] : [{ one, range }]
  })
  const groups = [...Map.groupBy(possible, ({ range }) => `${range.afterMs} ${range.untilMs}`).values()]
  const left = possible.map(({ one }) => one)
  const [first] = possible
  if (first === undefined || groups.length > 1) {
    const parts = groups.map((group) => createdWithin(group))
    return { sections: left, range: undefined, condition: parts.length === 0 ? undefined : either(parts) }
  }
  const { afterMs, untilMs } = first.range
  const range = {
    ...(afterMs === -Infinity ? {} : { low: afterMs + 1 }),
    ...(untilMs === Infinity ? {} : { high: untilMs + 1 }),
  }
  return { sections: left, range: Object.keys(range).length === 0 ? undefined : range, condition: undefined }
}

function createdWithin(
  group: readonly { readonly one: AgedSection; readonly range: { afterMs: number; untilMs: number } }[],
): Condition {
  const { afterMs = -Infinity, untilMs = Infinity } = group[0]?.range ?? {}
  return all([
    inSections(group.map(({ one }) => one)),
    ...(afterMs === -Infinity ? [] : [sql<boolean>`aging.secret_created_at > ${afterMs}`]),
    ...(untilMs === Infinity ? [] : [sql<boolean>`aging.secret_created_at <= ${untilMs}`]),
  ])
}

/** Whether keys of some section end by their age, so that the index of expiries does not tell when they end. */
export function isLimited(sections: readonly AgedSection[]): boolean {
  return sections.some(({ age }) => age.maxLifetimeDays !== null)
}

/** What a filter demands of a row called `aging`, because lifetimes end keys and secrets: see `keyState` of core. */
export function lifetimeConditions(
  { state, expires, oldSecret }: KeyFilter,
  sections: readonly AgedSection[],
): readonly Condition[] {
  const limited = Map.groupBy(sections, ({ age }) => age.maxLifetimeDays)
  const whereOver = (atMs: number, createdAt: Condition): Condition =>
    either(
      [...limited].flatMap(([days, alike]) =>
        days === null
          ? []
          : [all([inSections(alike), sql<boolean>`${createdAt} <= ${endedIfCreatedByMs(days, atMs)}`])],
      ),
    )
  const isTooOld = (atMs: number) => whereOver(atMs, sql`aging.secret_created_at`)
  const endsBy = (atMs: number) => either([sql`aging.expires_at <= ${atMs}`, isTooOld(atMs)])
  // The old secret of a roll is the one whose grace has an end.
  const isOldSecretTooOld = (atMs: number) =>
    whereOver(
      atMs,
      sql`(
        select max(secrets.created_at) from secrets
        where secrets.organization = aging.organization and secrets.key_id = aging.id
          and secrets.expires_at > ${atMs}
      )`,
    )
  const conditions: Condition[] = []
  if (state !== undefined) {
    const { is, atMs } = state
    if (is === 'expired') conditions.push(endsBy(atMs))
    if (is === 'active' || is === 'rolling') conditions.push(not(isTooOld(atMs)))
    if (is === 'active') {
      conditions.push(either([sql`aging.rolling_until <= ${atMs}`, isOldSecretTooOld(atMs)]))
    }
    if (is === 'rolling') conditions.push(not(isOldSecretTooOld(atMs)))
  }
  if (expires !== undefined) conditions.push(not(isTooOld(expires.afterMs)), endsBy(expires.untilMs))
  if (oldSecret !== undefined) {
    conditions.push(not(isTooOld(oldSecret.atMs)), not(isOldSecretTooOld(oldSecret.atMs)))
  }
  return conditions
}

/** A condition on a row called `listed`, made of conditions on its row of the index, called `aging`. */
export function onIndexRow(conditions: readonly Condition[]): Condition | undefined {
  if (conditions.length === 0) return undefined
  return sql`(
    select 1 from key_index as aging
    where aging.organization = listed.organization and aging.id = listed.id and ${all(conditions)}
  ) = 1`
}

function inSections(sections: readonly AgedSection[]): Condition {
  return sql`aging.section in (${sql.join(sections.map(({ section }) => section))})`
}

function either(conditions: readonly Condition[]): Condition {
  return conditions.length === 0 ? sql`1 = 0` : sql`(${sql.join(conditions, sql` or `)})`
}

function all(conditions: readonly Condition[]): Condition {
  return sql`(${sql.join(conditions, sql` and `)})`
}

function not(condition: Condition): Condition {
  return sql`not (${condition})`
}
