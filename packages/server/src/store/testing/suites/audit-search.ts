import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import type { AuditFilter, AuditRow } from '../../port/audit-events.ts'
import type { Page, PageRequest } from '../../port/pages/paging.ts'
import type { Backend } from '../../sql/backend.ts'
import { auditReader } from '../../sql/audit-events.ts'
import { entry } from '../examples/audit-events.ts'
import { FIRST_MS } from '../examples/example.ts'
import { organization } from '../examples/organizations.ts'
import { allPages, EVERYTHING, type TestDatabase } from '../fixtures.ts'
import { statementsOf } from '../statements.ts'

const ACTORS = ['key_a', 'key_b', 'mem_a']
const ACTIONS = ['keys.create', 'keys.roll.finish', 'keys', 'key.create', 'external-keys.add']
const TARGETS = ['key/key_1', 'key/key_10', 'key/', 'key', 'external-key/ext_1', 'secret/test/KEY', '%/_']

/** Events with each combination of facts; some share their time, and some are older than those before them. */
const EVENTS = ACTORS.flatMap((actor, first) =>
  ACTIONS.flatMap((action, second) =>
    TARGETS.map((target, third) =>
      entry('acme', {
        actor,
        action,
        target,
        atMs: FIRST_MS + ((first * 31 + second * 17 + third * 7) % 40),
      }),
    ),
  ),
)

/** The filters that the tests try, alone and combined. */
const CHOICES: { readonly [Field in keyof AuditFilter]-?: readonly AuditFilter[Field][] } = {
  actor: [undefined, 'key_a', 'key_'],
  action: [undefined, 'keys.create', 'keys.*', 'keys', 'keys.roll', 'external-keys.*'],
  target: [undefined, 'key/key_1', 'key/', 'external-key/', 'key', '%/_', 'secret/test/KEY'],
  fromMs: [undefined, FIRST_MS + 10],
  toMs: [undefined, FIRST_MS + 30],
}

const FILTERS: readonly AuditFilter[] = Object.entries(CHOICES).reduce<readonly AuditFilter[]>(
  (filters, [field, values]) =>
    filters.flatMap((filter) =>
      values.map((value) => (value === undefined ? filter : { ...filter, [field]: value })),
    ),
  [{}],
)

/** What a filter means, in other words than SQL. */
function matches(row: AuditRow, { actor, action, target, fromMs, toMs }: AuditFilter): boolean {
  return (
    (actor === undefined || row.actor === actor) &&
    (action === undefined ||
      (action.endsWith('.*') ? row.action.split('.')[0] === action.slice(0, -2) : row.action === action)) &&
    (target === undefined ||
      (target.endsWith('/') ? row.target.split('/')[0] === target.slice(0, -1) : row.target === target)) &&
    (fromMs === undefined || row.atMs >= fromMs) &&
    (toMs === undefined || row.atMs < toMs)
  )
}

const newestFirst = (a: AuditRow, b: AuditRow): number => b.atMs - a.atMs || b.sequence - a.sequence
const sequences = (rows: readonly AuditRow[]): readonly number[] => rows.map(({ sequence }) => sequence)

/** How many events the log has in which each page must be read by an index. */
const LONG_LOG = 20_000

/** Writes many events at once. They have no valid hashes, which no list reads. */
async function insertLongLog({ writer }: Backend): Promise<void> {
  const numbers = sql`with recursive numbers(number) as (select 1 union all select number + 1 from numbers where number < ${sql.lit(LONG_LOG)})`
  await writer.transaction().execute(async (tx) => {
    await sql`insert into audit_events
      (organization, sequence, happened_at, actor, action, target, before_json, after_json, previous_hash, hash)
      ${numbers}
      select 'acme', number, ${sql.lit(FIRST_MS)} + number, 'key_' || (number % 3),
        case number % 4 when 0 then 'keys.create' when 1 then 'keys.roll' when 2 then 'secrets.update' else 'pipelines.save' end,
        case number % 5 when 0 then 'secret/' || (number % 11) else 'key/' || (number % 1000) end,
        'null', 'null', '', ''
      from numbers`.execute(tx)
  })
}

/** More rows than a page can need, with room for the errors of an estimate. */
const ROWS_MANY = 4_000

/** Whether a plan reads rows without an index. */
function readsAll(plan: string): boolean {
  return /seq scan|^scan|temp b-tree/im.test(plan)
}

/** Whether a plan of PostgreSQL sorts many rows. It may sort a few instead of following an index. */
function sortsMany(plan: string): boolean {
  return (
    /\bsort\b/i.test(plan) && [...plan.matchAll(/ rows=(\d+)/g)].some(([, rows]) => Number(rows) >= ROWS_MANY)
  )
}

/** Finding events: filters, order, pages, and how both databases read them. */
export function auditSearchContract(database: () => Promise<TestDatabase>): void {
  describe('audit events', () => {
    test('are found by every combination of facts, newest first or in the order of the chain', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write(async (tx) => {
        for (const slug of ['acme', 'globex']) await tx.organizations.insert(organization(slug))
        for (const event of EVENTS) {
          tx.audit(event)
          tx.audit({ ...event, organization: 'globex' })
        }
      })
      const { audit } = store.read
      const all = (await audit.list('acme', EVERYTHING)).items
      expect(all).toHaveLength(EVENTS.length)
      const through = EVENTS.length - 5
      for (const filter of FILTERS) {
        const expected = all.filter((row) => matches(row, filter))
        const found = (await audit.newest('acme', EVERYTHING, filter)).items
        expect([filter, sequences(found)]).toEqual([filter, sequences(expected.toSorted(newestFirst))])
        const listed = (await audit.list('acme', EVERYTHING, { through, filter })).items
        expect([filter, sequences(listed)]).toEqual([
          filter,
          sequences(expected).filter((sequence) => sequence <= through),
        ])
      }
      const wrong = [{ actor: "' or 1=1 --" }, { action: '%.*' }, { target: '_' }, { action: '.*' }]
      for (const filter of wrong) expect((await audit.newest('acme', EVERYTHING, filter)).items).toEqual([])
    })

    test('keep their places in pages while new ones arrive', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write(async (tx) => {
        await tx.organizations.insert(organization('acme'))
        for (const event of EVENTS) tx.audit(event)
      })
      for (const filter of [
        {},
        { actor: 'key_a' },
        { actor: 'key_a', action: 'keys.*', toMs: FIRST_MS + 35 },
      ]) {
        const { items: before } = await store.read.audit.newest('acme', EVERYTHING, filter)
        const pages = await allPages(async (page) => {
          const read = await store.read.audit.newest('acme', page, filter)
          await store.write(async (tx) => {
            tx.audit(entry('acme', { actor: 'key_a', action: 'keys.create', atMs: FIRST_MS + 1_000 }))
          })
          return read
        }, 4)
        expect(pages.flat()).toEqual(before)
      }
    })

    test('are each on one page of a filter that finds few of many, in both orders', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) =>
        tx.organizations.insert(organization('acme')).then(() => tx.audit(entry('acme'))),
      )
      await using backend = await db.backend()
      await sql`delete from audit_events`.execute(backend.writer)
      await insertLongLog(backend)
      const { audit } = store.read
      const filter = { actor: 'key_1', action: 'keys.create', target: 'secret/10' }
      const expected = Array.from({ length: LONG_LOG }, (_, index) => index + 1).filter(
        (number) => number % 3 === 1 && number % 4 === 0 && number % 5 === 0 && number % 11 === 10,
      )
      const all = await allPages((page) => audit.newest('acme', page, filter), 7)
      expect(sequences(all.flat())).toEqual(expected.toReversed())
      const few = { action: 'keys.*', target: 'secret/' }
      const found = sequences((await allPages((page) => audit.newest('acme', page, few), 50)).flat())
      expect(found).toHaveLength(LONG_LOG / 10)
      const listed = await allPages((page) => audit.list('acme', page, { through: LONG_LOG, filter }), 7)
      expect(sequences(listed.flat())).toEqual(expected)
    })

    test('are read by an index, whatever is asked for', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) =>
        tx.organizations.insert(organization('acme')).then(() => tx.audit(entry('acme'))),
      )
      await using backend = await db.backend()
      await sql`delete from audit_events`.execute(backend.writer)
      await insertLongLog(backend)
      const statements = statementsOf(backend)
      const audit = auditReader(statements.db)
      const filters: readonly AuditFilter[] = [
        {},
        { actor: 'key_1' },
        { action: 'keys.create' },
        { action: 'keys.*' },
        { target: 'key/7' },
        { target: 'secret/' },
        { actor: 'key_1', action: 'keys.create', target: 'secret/10' },
        { actor: 'key_1', action: 'none', target: 'none/' },
        { action: 'keys.*', target: 'secret/' },
      ]
      const periods: readonly AuditFilter[] = [
        {},
        { fromMs: FIRST_MS + 100 },
        { toMs: FIRST_MS + 100 },
        { fromMs: FIRST_MS + 100, toMs: FIRST_MS + 9_000 },
      ]
      const readers: readonly ((page: PageRequest, filter: AuditFilter) => Promise<Page<AuditRow>>)[] = [
        (page, filter) => audit.newest('acme', page, filter),
        (page, filter) => audit.list('acme', page, { through: LONG_LOG, filter }),
      ]
      const plans: string[] = []
      const ofTime: string[] = []
      for (const isAnalyzed of [false, true]) {
        if (isAnalyzed) await sql`analyze audit_events`.execute(backend.writer)
        for (const facts of filters) {
          for (const period of periods) {
            const filter = { ...facts, ...period }
            for (const read of readers) {
              const { next } = await read({ limit: 20 }, filter)
              if (next !== null) await read({ limit: 20, cursor: next }, filter)
            }
          }
        }
        await audit.head('acme')
        const found = await statements.plans()
        plans.push(...found)
        expect(found.filter((plan) => readsAll(plan) || (isAnalyzed && sortsMany(plan)))).toEqual([])
        if (!isAnalyzed) ofTime.push(...found.filter((plan) => plan.includes('audit_events_time')))
      }
      expect(plans.length).toBeGreaterThan(200)
    })
  })
}
