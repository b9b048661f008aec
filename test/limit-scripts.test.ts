import { readFile } from 'node:fs/promises'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CHARGE, EXCHANGE, type StoreScript } from '../packages/server/src/limits/scripts.ts'
import { connectStore, type StoreSession } from '../packages/server/src/limits/store-session.ts'
import { StoreModel } from '../packages/server/src/limits/testing/store-model.ts'
import { startValkey, type TestValkey } from './services/valkey.ts'
import { eventually } from './support/eventually.ts'

/*
 * The scripts of shared limits, on a real store. What they do over time is tested with a model of them, so here both get
 * the same messages.
 */

const AGE_MS = 200
const WINDOW_MS = 60_000

let valkey: TestValkey
let session: StoreSession

async function connect(url: string, probe: (session: StoreSession) => Promise<void>): Promise<StoreSession> {
  return await connectStore({ url, ca: null }, probe)
}

beforeAll(async () => {
  valkey = await startValkey()
  session = await connect(valkey.url, async () => await Promise.resolve())
})
afterAll(async () => {
  session.destroy()
  await valkey[Symbol.asyncDispose]()
})

async function run(
  script: StoreScript,
  keys: readonly string[],
  args: readonly unknown[],
): Promise<number[]> {
  return ((await session.run(script, keys, args.map(String))) as string[]).map(Number)
}

const counter = fc.record({
  key: fc.constantFrom('a', 'b', 'c'),
  requests: fc.constantFrom(3, 10, 1_000_000),
  level: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 12, noNaN: true })),
  count: fc.oneof(fc.constant(0), fc.nat(4)),
})
/** How long the message took, in ms; a message before the first answer says 0, as if it were sent long ago. */
const lateMs = fc.oneof(fc.constant(0), fc.nat(5_000), fc.constant(Infinity))

test('the scripts and their model agree on every level', async () => {
  let round = 0
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.tuple(fc.boolean(), fc.uniqueArray(counter, { selector: ({ key }) => key, minLength: 1 }), lateMs),
        {
          minLength: 1,
          maxLength: 20,
        },
      ),
      async (messages) => {
        round += 1
        const model = new StoreModel()
        let storeMs = 0
        for (const [isCharge, drawn, late] of messages) {
          const counters = drawn.map((one) => ({ ...one, key: `${round} ${one.key}`, windowMs: WINDOW_MS }))
          const keys = counters.map(({ key }) => key)
          const sentAtMs = Math.max(0, storeMs - late)
          const args = counters.flatMap(({ requests, windowMs, level, count }, index) => [
            requests,
            windowMs,
            level,
            isCharge ? Number(index === counters.length - 1) : count,
          ])
          const [nowMs = 0, ...levels] = isCharge
            ? await run(CHARGE, keys, [sentAtMs, ...args])
            : await run(EXCHANGE, keys, [sentAtMs, AGE_MS, ...args])
          const expected = isCharge
            ? model.charge(counters, sentAtMs, nowMs)
            : model.exchange(counters, AGE_MS, sentAtMs, nowMs)
          for (const [index, level] of levels.entries()) expect(level).toBeCloseTo(expected[index] ?? 0, 6)
          expect(levels).toHaveLength(expected.length)
          storeMs = nowMs
        }
      },
    ),
    { numRuns: 200 },
  )
})

describe('a charge', () => {
  test('of several requests in one message is one after the other, each as a whole', async () => {
    const one = [2, WINDOW_MS, 0]
    const [, ...levels] = await run(
      CHARGE,
      ['x', 'y', 'x', 'y', 'x', 'y'],
      [0, ...one, 0, ...one, 1, ...one, 0, 1, WINDOW_MS, 0, 1, ...one, 0, ...one, 1],
    )
    // The second has a lower limit for y, is refused by it, and is counted by neither.
    expect(levels.map(Math.round)).toEqual([0, 0, 1, 1, 1, 1])
    expect((await run(CHARGE, ['x'], [0, ...one, 1])).slice(1).map(Math.round)).toEqual([2])
  })

  test('overwrites what is no counter', async () => {
    await valkey.command('SET broken hello')
    await valkey.command('RPUSH list 1')
    await valkey.command(`SET nan ${'\\x7f'.repeat(24)}`)
    for (const key of ['broken', 'list', 'nan']) {
      expect((await run(CHARGE, [key], [0, 5, WINDOW_MS, 0, 1])).slice(1)).toEqual([0])
      expect((await run(CHARGE, [key], [0, 5, WINDOW_MS, 0, 1])).slice(1).map(Math.round)).toEqual([1])
    }
  })
})

test('a counter expires a minute after it is empty', async () => {
  await run(CHARGE, ['expiring'], [0, 10, WINDOW_MS, 0, 1])
  // One request of ten a minute drains in 6 s.
  const answer = Number((await valkey.command('PTTL expiring')).slice(1))
  expect(answer).toBeGreaterThan(60_000)
  expect(answer).toBeLessThanOrEqual(66_000)
  await run(EXCHANGE, ['nothing'], [0, AGE_MS, 10, WINDOW_MS, 0, 0])
  expect(await valkey.command('EXISTS nothing')).toBe(':0')
})

test('the scripts are sent again after the store has forgotten them', async () => {
  await run(CHARGE, ['forgotten'], [0, 10, WINDOW_MS, 0, 1])
  await valkey.command('SCRIPT FLUSH')
  const both = await Promise.all(
    [1, 2].map(async () => await run(CHARGE, ['forgotten'], [0, 10, WINDOW_MS, 0, 1])),
  )
  expect(both.map(([, level = 0]) => Math.round(level)).toSorted((one, other) => one - other)).toEqual([1, 2])
})

describe('a connection', () => {
  /** In a cluster, answered by the node that has the counters. */
  const GET = 'GET {sallyport-limits}:none'
  const probe = async (one: StoreSession): Promise<void> => {
    await one.run(CHARGE, ['{sallyport-limits}:probe'], ['0', '10', '1000', '0', '1'])
  }

  test('names a wrong password, and never shows it', async () => {
    await using locked = await startValkey(['--requirepass', 'right-one'], 'right-one')
    const opened = await connect(locked.url, probe)
    opened.destroy()
    const wrong = connect(locked.url.replace('right-one', 'wrong-one'), probe)
    await expect(wrong).rejects.toThrow(/^WRONGPASS/)
    await expect(connect(locked.url.replace(':right-one@', ''), probe)).rejects.toThrow(/^NOAUTH/)
  })

  test('needs no more rights than the documents name', async () => {
    const operations = await readFile(new URL('../docs/operations.md', import.meta.url), 'utf8')
    const rights = /`ACL SETUSER sallyport on >password (.*?)`/.exec(operations)?.[1] ?? ''
    await using guarded = await startValkey()
    expect(await guarded.command(`ACL SETUSER sallyport on >password ${rights}`)).toBe('+OK')
    const opened = await connect(`redis://sallyport:password@127.0.0.1:${guarded.port}/1`, probe)
    const foreign = opened.run(CHARGE, ['other'], ['0', '10', '1000', '0', '1'])
    await expect(foreign).rejects.toThrow(/NOPERM/)
    opened.destroy()
  })

  test('does not show a password to a server that answers with the command', async () => {
    await using renamed = await startValkey(['--rename-command', 'AUTH', 'LOGIN'])
    const url = renamed.url.replace('127', ':hunter2hunter2@127')
    const failed = connect(url, probe)
    await expect(failed).rejects.toThrow(/AUTH/)
    await expect(failed).rejects.not.toThrow(/hunter2/)
  })

  test('follows a node of a cluster to the one that has the counters', async () => {
    const settings = ['--cluster-enabled', 'yes', '--cluster-node-timeout', '60000']
    await using one = await startValkey([...settings])
    await using other = await startValkey([...settings])
    await one.command('CLUSTER ADDSLOTSRANGE 0 8191')
    await other.command('CLUSTER ADDSLOTSRANGE 8192 16383')
    await one.command(`CLUSTER MEET 127.0.0.1 ${other.port}`)
    const answers = await eventually(async () => {
      const found = await Promise.all([one, other].map(async (node) => await node.command(GET)))
      expect(found).not.toContain('-CLUSTERDOWN Hash slot not served')
      expect(found).not.toContain('-CLUSTERDOWN The cluster is down')
      return found
    })
    expect(answers.filter((answer) => answer.startsWith('-MOVED'))).toHaveLength(1)
    for (const node of [one, other]) {
      const opened = await connect(node.url, probe)
      await probe(opened)
      opened.destroy()
    }
  })
})
