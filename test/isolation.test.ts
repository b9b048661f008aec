import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Operation } from './fuzzing/operations.ts'
import type { ValidRequest } from './fuzzing/valid-requests.ts'
import { ACCESS, expectedAnswer, type Column } from './isolation/access-table.ts'
import { ACTORS } from './isolation/actors.ts'
import { foreignResources, type Pair } from './isolation/foreign-resources.ts'
import { absentLike, referencesOf, type Kind, type Reference } from './isolation/references.ts'
import { textAt } from './support/api-client.ts'
import { ALL_OPERATIONS, openWorld, prepare, type Answer, type World } from './isolation/world.ts'

/*
 * The isolation test: every operation of the OpenAPI document, as every kind of caller, against one table of expected
 * answers; and with another organization's names and ids in every field that refers to something.
 */

/** Every field of every operation that refers to something. */
const REFERENCES = ALL_OPERATIONS.map((operation) => ({
  operation,
  references: referencesOf(operation).filter(
    // An owner of the first organization reads every organization.
    ({ field }) => operation.id !== 'getOrganization' || field !== 'organization',
  ),
})).filter(({ references }) => references.length > 0)
const REFERENCE_COUNT = REFERENCES.flatMap(({ references }) => references).length

const LISTS = ALL_OPERATIONS.filter(({ parameters }) => parameters.some(({ name }) => name === 'limit'))

/** A table that lost half of its rows or columns would still pass. */
const CELLS_MIN = 1900
const REFERENCES_MIN = 160
const LISTS_MIN = 18

/** Callers who may know about some resources only, and one who may know about all. */
const FILTERED: readonly Column[] = ['stranger', 'one-pipeline', 'elsewhere', 'owner']

/** The headers that a caller is known by. */
const CREDENTIALS = ['authorization', 'cookie'] as const

test('the table has a row for every operation, and no other', () => {
  expect(Object.keys(ACCESS).toSorted()).toEqual(ALL_OPERATIONS.map(({ id }) => id).toSorted())
  expect(ALL_OPERATIONS.length * ACTORS.length).toBeGreaterThanOrEqual(CELLS_MIN)
  expect(LISTS.length).toBeGreaterThanOrEqual(LISTS_MIN)
  expect(REFERENCE_COUNT).toBeGreaterThanOrEqual(REFERENCES_MIN)
})

describe.each(['sqlite', 'postgres'] as const)('on %s', (kind) => {
  const stack = new AsyncDisposableStack()
  /** Roles are checked without the database, so the second database only gets callers whose rows it must filter, and an owner. */
  const actors =
    kind === 'sqlite' ? ACTORS : firstOfColumns(ACTORS.filter(({ column }) => FILTERED.includes(column)))
  let world: World
  /** The headers of each actor, in their order. */
  let callers: readonly Readonly<Record<string, string>>[]

  beforeAll(async () => {
    world = await openWorld(kind, stack)
    callers = await Promise.all(actors.map(async ({ headers }) => await headers(world)))
  })

  afterAll(async () => {
    await stack.disposeAsync()
  })

  describe(`${ALL_OPERATIONS.length * actors.length} pairs of operation and caller`, () => {
    test.each(ALL_OPERATIONS.map((operation) => [operation.id, operation] as const))(
      '%s answers each caller as the table says, and a refusal changes nothing',
      async (_, operation) => {
        const cells = actors.map((actor, index) => ({
          name: actor.name,
          column: actor.column,
          headers: callers[index] ?? {},
          expected: expectedAnswer(operation.id, actor),
        }))
        const refused = cells.filter(({ expected }) => expected.status !== undefined)
        const allowed = cells.filter(({ expected }) => expected.status === undefined)
        const wrong: string[] = []

        const request = await prepare(world, operation)
        const before = await world.state.mark()
        await Promise.all(
          refused.map(async ({ name, column, headers, expected }) => {
            const answer = await world.send(request, headers)
            const { status, body } = answer
            if (status !== expected.status || body['code'] !== expected.code) {
              wrong.push(`${name}: ${describeAnswer(answer)} instead of ${expected.status} ${expected.code}`)
            } else {
              wrong.push(...flawsOf(answer, operation.id).map((flaw) => `${name}: ${flaw}`))
            }
            if (status !== 404) return
            const hidden = hiddenFrom(column, operation)
            const value = valueOf(request, hidden)
            const absent = absentLike(value)
            const nonexistent = await world.send(hidden.put(request, absent), headers)
            if (comparable(answer, value, absent) !== comparable(nonexistent, value, absent)) {
              wrong.push(`${name}: ${describeAnswer(answer)}, but ${describeAnswer(nonexistent)} for none`)
            }
          }),
        )
        const changed = await world.state.changedSince(before)
        if (changed.length > 0) wrong.push(`refused requests changed ${changed.join(', ')}`)

        // What everybody may do, it does alike for all callers.
        let replaced: readonly string[] = []
        for (const { name, headers } of refused.length === 0 ? firstOfColumns(allowed) : allowed) {
          const credentials = CREDENTIALS.filter((header) => header in headers)
          const isWithin = (others: readonly string[]): boolean =>
            credentials.length > 0 && credentials.every((header) => others.includes(header))
          // Another caller whose credential would be replaced would send the same request once more.
          if (isWithin(replaced)) continue
          const fresh = await prepare(world, operation)
          // A session that is left, or gets another token, must not be that of the caller.
          const { cookie, token } = fresh
          const own = {
            ...(cookie === undefined ? {} : { cookie }),
            ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          }
          const answer = await world.send(fresh, { ...headers, ...own })
          if (isWithin(Object.keys(own))) replaced = Object.keys(own)
          world.requests.used(operation)
          if (!operation.successes.has(answer.status)) {
            wrong.push(`${name}: ${describeAnswer(answer)} instead of a success`)
          }
        }
        expect(wrong, wrong.join('\n')).toEqual([])
      },
    )
  })

  describe(`${REFERENCE_COUNT} fields that refer to something`, () => {
    let pairs: Readonly<Record<Kind, Pair>>
    let foreignState: string

    beforeAll(async () => {
      pairs = await foreignResources(world, 'foreign')
      foreignState = await world.state.fingerprintOf('foreign')
    })

    test.each(REFERENCES.map((each) => [each.operation.id, each] as const))(
      "%s takes another organization's names and ids for nonexistent ones",
      async (_, { operation, references }) => {
        const owner = callers[actors.findIndex(({ column }) => column === 'owner')] ?? {}
        const request = await prepare(world, operation)
        const caller = portalOr(owner, request)
        const before = await world.state.mark()
        const wrong: string[] = []
        let hasWritten = false
        for (const reference of references) {
          const { foreign, absent } = pairs[reference.kind]
          const expected = await world.send(reference.put(request, absent), caller)
          const answer = await world.send(reference.put(request, foreign), caller)
          const label = `${reference.place} ${reference.field}`
          if (comparable(answer, foreign, absent) !== comparable(expected, foreign, absent)) {
            wrong.push(`${label}: ${describeAnswer(answer)} instead of ${describeAnswer(expected)}`)
          }
          if (!statusesOf(operation.id, reference).includes(expected.status)) {
            wrong.push(`${label}: a nonexistent one gets ${describeAnswer(expected)}`)
          }
          hasWritten ||= isRecorded(operation) && expected.status < 400
        }
        const changed = hasWritten ? [] : await world.state.changedSince(before)
        if (changed.length > 0) wrong.push(`something changed in ${changed.join(', ')}`)
        if (hasWritten && (await world.state.fingerprintOf('foreign')) !== foreignState) {
          wrong.push('something of the other organization changed')
        }
        expect(wrong, wrong.join('\n')).toEqual([])
      },
    )
  })

  test("no list has anything of another organization's", async () => {
    const pairs = await foreignResources(world, 'other')
    const ids = Object.values(pairs).flatMap(({ foreign }) => (foreign.includes('_') ? [foreign] : []))
    const named = /"(?:name|environment|project|pipeline|username)":"other"|"OTHER"/
    const owner = callers[actors.findIndex(({ column }) => column === 'owner')] ?? {}
    for (const operation of LISTS) {
      const request = await prepare(world, operation)
      const query = new URLSearchParams(request.query)
      query.set('limit', '200')
      let next: unknown = null
      do {
        const { status, body } = await world.send(
          { ...request, query: query.toString() },
          portalOr(owner, request),
        )
        const text = JSON.stringify(body['items'])
        expect([operation.id, status, ids.filter((id) => text.includes(id))]).toEqual([operation.id, 200, []])
        expect([operation.id, named.exec(text)]).toEqual([operation.id, null])
        next = body['next']
        query.set('cursor', String(next))
      } while (next !== null)
    }
  })

  test('a change of what is stored is noticed, and only a change', async () => {
    const { state, acme } = world
    const before = await state.fingerprintOf('acme')
    const unchanged = await state.mark()
    expect(await state.changedSince(unchanged)).toEqual([])
    expect(await state.fingerprintOf('acme')).toBe(before)
    const changed = await state.mark()
    await acme.must('PUT', '/v1/organizations/acme/environments/test/variables/NOTICED', { value: 'one' })
    expect(await state.changedSince(changed)).toEqual(expect.arrayContaining(['audit_events', 'changes']))
    const again = await state.mark()
    await acme.must('PUT', '/v1/organizations/acme/environments/test/variables/NOTICED', { value: 'two' })
    expect(await state.changedSince(again)).toEqual(expect.arrayContaining(['audit_events', 'changes']))
    expect(await state.fingerprintOf('acme')).not.toBe(before)
  })

  test('the server reports no fault of its own', () => {
    expect(world.output.stderr).not.toMatch(/"level":[56]0/)
  })
})

function firstOfColumns<T extends { readonly column: Column }>(cells: readonly T[]): readonly T[] {
  return [...new Map(cells.toReversed().map((cell) => [cell.column, cell])).values()]
}

/** What the callers of a column may not know about, if the operation answers 404 to them. */
function hiddenFrom(column: Column, operation: Operation): Reference {
  const [organization, resource] = referencesOf(operation).filter(({ place }) => place !== 'query')
  const hidden = column === 'stranger' ? organization : resource
  if (hidden === undefined) throw new Error(`${operation.id} names no resource that could be hidden.`)
  return hidden
}

/** The name or id that a request has in a field. */
function valueOf({ parameters, body }: ValidRequest, { place, field }: Reference): string {
  return textAt(place === 'body' ? body : parameters, field)
}

/** The headers of a caller; for an operation of the portal, which takes no other credential, those of its session. */
function portalOr(
  headers: Readonly<Record<string, string>>,
  { cookie }: ValidRequest,
): Readonly<Record<string, string>> {
  return cookie?.includes('sallyport_portal=') === true ? { cookie } : headers
}

/** The right answers to the name or id of something that does not exist. */
function statusesOf(operation: string, { place, field }: Reference): readonly number[] {
  // An unknown credential is a valid question.
  if (operation === 'verify') return field === 'organization' ? [404] : [200]
  // An empty list would look as if nothing matched.
  if (place === 'query') return [400]
  // A partner need not exist: the answer would tell which organizations there are.
  if (field === 'partner') return [200]
  return place === 'path' ? [404] : [400, 404]
}

/** An answer without what differs between any two requests. */
function comparable({ status, headers, body }: Answer, foreign: string, absent: string): string {
  const { receipt: _receipt, ...said } = body
  const text = JSON.stringify([status, headers.get('content-type'), said])
  return text.replaceAll(foreign, absent)
}

function describeAnswer({ status, body }: Answer): string {
  return `${status} ${String(body['code'])} (${String(body['detail'])})`
}

/** What a refusal must say besides its status and code. */
function flawsOf({ status, headers, body }: Answer, operation: string): string[] {
  const flaws: string[] = []
  if (status === 401 && headers.get('www-authenticate')?.startsWith('Bearer realm=') !== true) {
    flaws.push('a 401 without a challenge')
  }
  const permission = ACCESS[operation]?.[0]
  if (status === 403 && body['permission'] !== permission) {
    flaws.push(`names ${String(body['permission'])} instead of ${permission}`)
  }
  return flaws
}

/** Whether a successful call is in the audit log: every change, and the export of keys. */
function isRecorded({ id, method }: { readonly id: string; readonly method: string }): boolean {
  return id === 'exportKeys' || !['GET', 'HEAD'].includes(method)
}
