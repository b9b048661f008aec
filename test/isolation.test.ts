import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ACCESS, expectedAnswer } from './isolation/access-table.ts'
import { ACTORS } from './isolation/actors.ts'
import { ALL_OPERATIONS, openWorld, prepare, type Answer, type World } from './isolation/world.ts'

/*
 * The isolation test: every operation of the OpenAPI document, as every kind of caller, against one table of expected
 * answers; and with another organization's names and ids in every field that refers to something.
 */

/** A table that lost half of its rows or columns would still pass. */
const CELLS_MIN = 1900

test('the table has a row for every operation, and no other', () => {
  expect(Object.keys(ACCESS).toSorted()).toEqual(ALL_OPERATIONS.map(({ id }) => id).toSorted())
  expect(ALL_OPERATIONS.length * ACTORS.length).toBeGreaterThanOrEqual(CELLS_MIN)
})

describe.each(['sqlite', 'postgres'] as const)('on %s', (kind) => {
  const stack = new AsyncDisposableStack()
  let world: World
  /** The headers of each actor, in their order. */
  let callers: readonly Readonly<Record<string, string>>[]

  beforeAll(async () => {
    world = await openWorld(kind, stack)
    callers = await Promise.all(ACTORS.map(async ({ headers }) => await headers(world)))
  }, 120_000)

  afterAll(async () => {
    await stack.disposeAsync()
  })

  describe(`${ALL_OPERATIONS.length * ACTORS.length} pairs of operation and caller`, () => {
    test.each(ALL_OPERATIONS.map((operation) => [operation.id, operation] as const))(
      '%s answers each caller as the table says, and a refusal changes nothing',
      async (_, operation) => {
        const cells = ACTORS.map(({ name, column }, index) => ({
          name,
          headers: callers[index] ?? {},
          expected: expectedAnswer(operation.id, column),
        }))
        const refused = cells.filter(({ expected }) => expected.status !== undefined)
        const allowed = cells.filter(({ expected }) => expected.status === undefined)
        const wrong: string[] = []

        const request = await prepare(world, operation)
        const before = await world.state.fingerprint()
        await Promise.all(
          refused.map(async ({ name, headers, expected }) => {
            const answer = await world.send(request, headers)
            const { status, body } = answer
            if (status !== expected.status || body['code'] !== expected.code) {
              wrong.push(`${name}: ${describeAnswer(answer)} instead of ${expected.status} ${expected.code}`)
            } else {
              wrong.push(...flawsOf(answer, operation.id).map((flaw) => `${name}: ${flaw}`))
            }
          }),
        )
        if ((await world.state.fingerprint()) !== before) wrong.push('a refused request changed something')

        for (const { name, headers } of allowed) {
          const fresh = await prepare(world, operation)
          const answer = await world.send(fresh, headers)
          world.requests.used(operation)
          if (!operation.successes.has(answer.status)) {
            wrong.push(`${name}: ${describeAnswer(answer)} instead of a success`)
          }
        }
        expect(wrong, wrong.join('\n')).toEqual([])
      },
    )
  })
})

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
