import { performance } from 'node:perf_hooks'
import { Counter, type Registry } from 'prom-client'
import { registerGauge } from './gauge.ts'

/**
 * Registers the clock and the event loop of a port, which has threads of its own. They are read when metrics are.
 *
 * @param nowMs the time of this machine's clock, in ms since 1970
 */
export function registerThreadMetrics(registry: Registry, nowMs: () => number): void {
  registerGauge(
    registry,
    'sallyport_clock_seconds',
    'Time of the clock in seconds since 1970.',
    () => nowMs() / 1000,
    'max',
  )
  const loop: Counter<'nodejs_eventloop_state'> = new Counter({
    name: 'nodejs_eventloop_time_seconds_total',
    help: 'Time that the event loop was active or idle, of all threads that serve the port.',
    labelNames: ['nodejs_eventloop_state'],
    registers: [registry],
    collect: () => {
      const { active, idle } = performance.eventLoopUtilization()
      loop.reset()
      loop.inc({ nodejs_eventloop_state: 'active' }, active / 1000)
      loop.inc({ nodejs_eventloop_state: 'idle' }, idle / 1000)
    },
  })
}

/** Registers what the whole process uses, under the names that Prometheus recommends to its clients. */
export function registerProcessMetrics(registry: Registry): void {
  const cpu: Counter = new Counter({
    name: 'process_cpu_seconds_total',
    help: 'Processor time of the process.',
    registers: [registry],
    collect: () => {
      const { user, system } = process.cpuUsage()
      cpu.reset()
      cpu.inc((user + system) / 1e6)
    },
  })
  registerGauge(registry, 'process_resident_memory_bytes', 'Resident memory of the process.', () =>
    process.memoryUsage.rss(),
  )
  const startSeconds = performance.timeOrigin / 1000
  registerGauge(
    registry,
    'process_start_time_seconds',
    'Start of the process in seconds since 1970.',
    () => startSeconds,
  )
}
