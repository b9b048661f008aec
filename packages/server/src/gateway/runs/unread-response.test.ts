import { once } from 'node:events'
import { connect } from 'node:net'
import { expect, test } from 'vitest'
import { ACME, startWith } from '../testing/started-gateway.ts'
import { pipeline, transform } from '../testing/step-fixtures.ts'

const BYTES = 24 * 2 ** 18
/** Doubles 24 characters 18 times, which takes little processor time. */
const LARGE = transform({
  body: `($double := function($text, $times){ $times = 0 ? $text : $double($text & $text, $times - 1) };
    $double("${'x'.repeat(24)}", 18))`,
})

test('The response of a run counts until its caller reads it, and is cut at the timeout of the pipeline', async () => {
  await using started = await startWith([
    ...ACME,
    pipeline('patient', LARGE),
    pipeline('short', LARGE, { timeoutMs: 5_000 }),
  ])
  const held = async (): Promise<number> =>
    Number(/run_content_bytes (\d+)/.exec(await started.registry.metrics())?.[1])
  for (const name of ['patient', 'short']) {
    await using caller = connect(started.gateway.port, '127.0.0.1')
    caller.on('error', () => undefined)
    caller.write(`GET /acme/prod/${name} HTTP/1.1\r\nHost: api\r\n\r\n`)
    await once(caller, 'readable')
    expect(await held()).toBeGreaterThanOrEqual(BYTES)
    // Reading all of it ends the count, and so does the timeout.
    if (name === 'patient') caller.resume()
    await expect.poll(held).toBe(0)
  }
})

test('Responses that are not read use up a share of the memory, and further ones are refused', async () => {
  await using started = await startWith([...ACME, pipeline('large', LARGE)])
  const callers = Array.from({ length: 20 }, () => connect(started.gateway.port, '127.0.0.1'))
  try {
    const statuses = await Promise.all(
      callers.map(async (caller) => {
        caller.write('GET /acme/prod/large HTTP/1.1\r\nHost: api\r\n\r\n')
        await once(caller, 'readable')
        return String(caller.read(12))
      }),
    )
    expect(new Set(statuses)).toEqual(new Set(['HTTP/1.1 200', 'HTTP/1.1 503']))
  } finally {
    for (const caller of callers) caller.destroy()
  }
})

test('A response that is not read counts no longer than its connection lives, and those behind it not at all', async () => {
  await using started = await startWith([...ACME, pipeline('large', LARGE)])
  const held = async (): Promise<number> =>
    Number(/run_content_bytes (\d+)/.exec(await started.registry.metrics())?.[1])
  const caller = connect(started.gateway.port, '127.0.0.1')
  caller.write('GET /acme/prod/large HTTP/1.1\r\nHost: api\r\n\r\n'.repeat(3))
  await expect.poll(held).toBeGreaterThanOrEqual(BYTES)
  expect(await held()).toBeLessThan(2 * BYTES)
  caller.destroy()
  await expect.poll(held).toBe(0)
})
