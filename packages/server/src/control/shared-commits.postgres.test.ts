import { describe, expect, test } from 'vitest'
import { openTestDatabase } from '../../../../test/services/postgres.ts'
import type { Store } from '../store/port/store.ts'
import { ACME, type AcmeWorld, openAcme, textOf } from './testing/control-world.ts'

/** What requests find out about each other while all of them wait for the same commit. */
describe.each(['sqlite', 'postgres'] as const)('requests that share a commit on %s', (kind) => {
  let writes = 0

  /** Counts the writes that wait or run. */
  const counted = (store: Store): Store =>
    Object.assign(Object.create(store) as Store, {
      write: (...[work, by]: Parameters<Store['write']>) => {
        writes += 1
        return store.write(work, by)
      },
    })

  async function openWorld(stack: AsyncDisposableStack): Promise<AcmeWorld> {
    const database =
      kind === 'sqlite' ? undefined : ({ kind, url: stack.use(await openTestDatabase()).url } as const)
    return stack.use(await openAcme({}, counted, database))
  }

  /** Sends requests whose writes all wait behind one, and returns their answers. */
  async function together<T>(world: AcmeWorld, requests: readonly (() => Promise<T>)[]): Promise<T[]> {
    const gate = Promise.withResolvers<void>()
    writes = 0
    const held = world.store.write(() => gate.promise)
    const answers = requests.map((send) => send())
    while (writes < requests.length) await new Promise(setImmediate)
    gate.resolve()
    await held
    return await Promise.all(answers)
  }

  test('with one Idempotency-Key create one key', async () => {
    await using stack = new AsyncDisposableStack()
    const world = await openWorld(stack)
    const body = { name: 'once', type: 'secret' }
    const send = () => world.own('POST', `${ACME}/keys`, body, { 'idempotency-key': 'the same' })
    const answers = await together(world, [send, send, send])
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201])
    expect(new Set(answers.map((answer) => textOf(answer.body['token']))).size).toBe(1)
    const listed = (await world.own('GET', `${ACME}/keys?limit=200`)).body['items'] as unknown as {
      name: string
    }[]
    expect(listed.filter(({ name }) => name === 'once')).toHaveLength(1)
  })

  test('with If-Match change a resource once', async () => {
    await using stack = new AsyncDisposableStack()
    const world = await openWorld(stack)
    const made = await world.own('POST', `${ACME}/keys`, { name: 'tagged', type: 'secret' })
    const path = `${ACME}/keys/${textOf(made.body['key']?.['id'])}`
    const tag = String((await world.own('GET', path)).headers['etag'])
    const change = (name: string) => () => world.own('PATCH', path, { name }, { 'if-match': tag })
    const answers = await together(world, [change('one'), change('two'), change('three')])
    expect(answers.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([200, 412, 412])
  })

  test('of an actor that one of them deletes end with it', async () => {
    await using stack = new AsyncDisposableStack()
    const world = await openWorld(stack)
    const made = await world.own('POST', `${ACME}/keys`, {
      name: 'acting',
      type: 'secret',
      roles: ['key-manager'],
    })
    const acting = { authorization: `Bearer ${textOf(made.body['token'])}` }
    const id = textOf(made.body['key']?.['id'])
    const [deleted, late] = await together(world, [
      () => world.own('DELETE', `${ACME}/keys/${id}`),
      () => world.call('POST', `${ACME}/keys`, { name: 'late', type: 'secret' }, acting),
    ])
    expect([deleted?.status, late?.status]).toEqual([200, 401])
  })
})
