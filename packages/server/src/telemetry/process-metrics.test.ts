import { Registry } from 'prom-client'
import { expect, test } from 'vitest'
import { registerProcessMetrics, registerThreadMetrics } from './process-metrics.ts'

async function valueOf(registry: Registry, name: string, state?: string): Promise<number> {
  const { values } = (await registry.getSingleMetric(name)?.get()) ?? { values: [] }
  return values.find(({ labels }) => labels['nodejs_eventloop_state'] === state)?.value ?? Number.NaN
}

test('the clock is that of the machine, in seconds', async () => {
  const registry = new Registry()
  let nowMs = 1_500
  registerThreadMetrics(registry, () => nowMs)
  expect(await valueOf(registry, 'sallyport_clock_seconds')).toBe(1.5)
  nowMs = 3_000
  expect(await valueOf(registry, 'sallyport_clock_seconds')).toBe(3)
})

test('the time of the event loop grows by what it does, however often it is read', async () => {
  const registry = new Registry()
  registerThreadMetrics(registry, Date.now)
  const active = (): Promise<number> => valueOf(registry, 'nodejs_eventloop_time_seconds_total', 'active')
  const before = await active()
  // Busy in turns, since the loop counts a turn when it ends.
  for (const endsAtMs = performance.now() + 50; performance.now() < endsAtMs;) {
    await new Promise((resolve) => setImmediate(resolve))
  }
  expect((await active()) - before).toBeGreaterThan(0.02)
  expect(await active()).toBeLessThan(performance.now() / 1000 + 1)
})

test('the process uses time and memory, and has begun', async () => {
  const registry = new Registry()
  registerProcessMetrics(registry)
  expect(await valueOf(registry, 'process_cpu_seconds_total')).toBeGreaterThan(0)
  expect(await valueOf(registry, 'process_resident_memory_bytes')).toBeGreaterThan(2 ** 20)
  const start = await valueOf(registry, 'process_start_time_seconds')
  expect(Math.abs(start - (Date.now() - process.uptime() * 1000) / 1000)).toBeLessThan(5)
})
