import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { KnownCounter } from './limit-store.ts'
import { COUNTERS_PER_CALL_MAX } from './limit-terms.ts'
import { SharedStore } from './shared-store.ts'
import type { StoreSession } from './store-session.ts'

/** A store that a test answers for, and the log of what is asked of it. */
class ScriptedStore {
  readonly calls: { readonly keys: readonly string[]; readonly args: readonly string[] }[] = []
  readonly log: string[] = []
  connections = 0
  /** The answer to a script; by default that every counter is empty. */
  answer: (keys: readonly string[]) => Promise<unknown> = async (keys) =>
    await Promise.resolve(['1700000000000', ...keys.map(() => '0')])
  #end: (error: Error) => void = () => {}

  readonly connect = async (probe: (session: StoreSession) => Promise<void>): Promise<StoreSession> => {
    this.connections += 1
    const session: StoreSession = {
      run: async (_script, keys, args) => {
        this.calls.push({ keys, args })
        return await this.answer(keys)
      },
      ended: new Promise((resolve) => {
        this.#end = resolve
      }),
      destroy: () => {},
    }
    await probe(session)
    return session
  }

  end(): void {
    this.#end(new Error('the connection was reset'))
  }

  async open(waitMs = 5000): Promise<SharedStore> {
    const logger = {
      info: (text: string) => void this.log.push(`info ${text}`),
      warn: ({ err }: { err: Error }) => void this.log.push(`warn ${err.message}`),
    }
    const { connect } = this
    const store = new SharedStore({
      connect,
      waitMs,
      monotonicMs: () => performance.now(),
      logger: logger as never,
    })
    await store.start()
    this.calls.length = 0
    return store
  }
}

const counter = (key: string): KnownCounter => ({ key, requests: 10, windowMs: 1000, level: 0 })

test('the requests of one turn travel in one message, and those of the next one in another', async () => {
  const scripted = new ScriptedStore()
  await using store = await scripted.open()
  const first = ['a', 'b'].map(async (key) => await store.charge([counter(key), counter('shared')]))
  expect(await Promise.all(first)).toEqual([
    [0, 0],
    [0, 0],
  ])
  await store.charge([counter('c')])
  expect(scripted.calls.map(({ keys }) => keys)).toEqual([['a', 'shared', 'b', 'shared'], ['c']])
  // The last counter of each request is marked.
  const marks = scripted.calls[0]?.args.slice(1).filter((_, index) => index % 4 === 3)
  expect(marks).toEqual(['0', '1', '0', '1'])
})

test('a message has a limited number of counters, and no request is divided', async () => {
  const scripted = new ScriptedStore()
  await using store = await scripted.open()
  const three = [counter('a'), counter('b'), counter('c')]
  await Promise.all(Array.from({ length: 100 }, async () => await store.charge(three)))
  const sizes = scripted.calls.map(({ keys }) => keys.length)
  expect(sizes).toEqual([99, 99, 99, 3])
  expect(Math.max(...sizes)).toBeLessThanOrEqual(COUNTERS_PER_CALL_MAX)
})

test.each([
  ['nothing', null],
  ['a text', 'OK'],
  ['too few levels', ['1700000000000']],
  ['too many levels', ['1700000000000', '1', '2']],
  ['no number', ['1700000000000', 'nan']],
  ['an infinite level', ['1700000000000', 'inf']],
  ['an empty text', ['1700000000000', '']],
  ['a number instead of a text', [1_700_000_000_000, 1]],
  ['no time', ['', '1']],
])('an answer that is %s means that the store does not answer', async (_name, answer) => {
  const scripted = new ScriptedStore()
  await using store = await scripted.open()
  expect(await store.charge([counter('a')])).toEqual([0])
  scripted.answer = async () => await Promise.resolve(answer)
  expect(await store.charge([counter('a')])).toBeNull()
  expect(store.isUp).toBe(false)
  expect(await store.charge([counter('a')])).toBeNull()
  expect(scripted.log).toEqual(['warn the answer is none to the script that was sent'])
})

test('a late answer counts as none, for all that wait for it', async () => {
  const scripted = new ScriptedStore()
  await using store = await scripted.open(50)
  scripted.answer = async () => await new Promise(() => {})
  const waiting = ['a', 'b'].map(async (key) => await store.charge([counter(key)]))
  expect(await Promise.all(waiting)).toEqual([null, null])
  expect([store.isUp, scripted.log]).toEqual([false, ['warn no answer within 50 ms']])
})

test('an answer that arrived while this process was busy is not late', async () => {
  const scripted = new ScriptedStore()
  await using store = await scripted.open(50)
  const levels = store.charge([counter('a')])
  // The message is sent, and the answer is there before the timer is looked at.
  scripted.answer = async () => {
    const busyUntil = performance.now() + 200
    while (performance.now() < busyUntil);
    return await Promise.resolve(['1700000000000', '3'])
  }
  expect(await levels).toEqual([3])
  expect(store.isUp).toBe(true)
})

test('a failed store is connected to again, prepared before it counts as up, and each change is logged once', async () => {
  const scripted = new ScriptedStore()
  await using store = await scripted.open()
  const prepared: boolean[] = []
  store.beforeUp(async () => {
    prepared.push(store.isUp)
    // What was decided meanwhile is told before any request is charged.
    expect(await store.exchange([{ ...counter('a'), count: 3 }])).toEqual([0])
  })
  const { era } = store
  scripted.answer = async () =>
    await Promise.reject(new Error("OOM command not allowed when used memory > 'maxmemory'."))
  scripted.end()
  await expect.poll(() => scripted.connections).toBeGreaterThanOrEqual(3)
  expect([store.isUp, prepared]).toEqual([false, []])
  scripted.answer = async (keys) => await Promise.resolve(['1700000000000', ...keys.map(() => '0')])
  await expect.poll(() => store.isUp).toBe(true)
  expect([prepared, store.era]).toEqual([[false], era + 1])
  expect(scripted.log).toEqual(['warn the connection was reset', 'info the store of limits answers again'])
})

test('a message says when it was sent at the earliest, by the clock of the store', async () => {
  const scripted = new ScriptedStore()
  await using store = await scripted.open()
  await turn()
  await store.charge([counter('a')])
  const sentAtMs = Number(scripted.calls[0]?.args[0])
  expect(sentAtMs).toBeGreaterThan(1_700_000_000_000)
  expect(sentAtMs).toBeLessThan(1_700_000_060_000)
})
