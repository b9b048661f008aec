import { Counter, Gauge, type Registry } from 'prom-client'
import { majorOf, type TargetState } from '../balance/balancers.ts'
import type { TargetHealth } from '../balance/health-checks.ts'

const LABELS = ['organization', 'environment', 'pipeline', 'major', 'step', 'target'] as const

/** Registers the metrics of the targets of upstreams. They are read when metrics are. */
export function registerTargetMetrics(
  registry: Registry,
  states: () => Iterable<TargetState>,
  checked: () => Iterable<TargetHealth>,
): void {
  const counter = (name: string, help: string, value: (state: TargetState) => number): void => {
    const created: Counter<(typeof LABELS)[number]> = new Counter({
      name,
      help,
      labelNames: LABELS,
      registers: [registry],
      collect: () => {
        created.reset()
        for (const state of states()) created.inc(labelsOf(state), value(state))
      },
    })
  }
  counter(
    'sallyport_upstream_attempts_total',
    'Attempts to send a request to a target.',
    ({ attempts }) => attempts,
  )
  counter('sallyport_upstream_failures_total', 'Attempts that the target failed.', ({ failures }) => failures)
  counter(
    'sallyport_upstream_retries_total',
    'Attempts after one that another target failed.',
    ({ retries }) => retries,
  )
  counter('sallyport_upstream_ejections_total', 'Ejections of a target.', ({ ejections }) => ejections)
  const ejected: Gauge<(typeof LABELS)[number]> = new Gauge({
    name: 'sallyport_upstream_ejected',
    help: 'Whether a target is ejected, by one of the threads at least.',
    aggregator: 'max',
    labelNames: LABELS,
    registers: [registry],
    collect: () => {
      ejected.reset()
      for (const state of states()) ejected.set(labelsOf(state), state.isEjected ? 1 : 0)
    },
  })
  const healthy: Gauge<(typeof LABELS)[number]> = new Gauge({
    name: 'sallyport_upstream_healthy',
    help: 'Whether a target passes its health checks.',
    labelNames: LABELS,
    registers: [registry],
    collect: () => {
      healthy.reset()
      for (const { record, place, origin, isHealthy } of checked()) {
        const { organization, environment, pipeline } = record
        const labels = {
          organization,
          environment,
          pipeline,
          major: majorOf(record),
          step: place,
          target: origin,
        }
        healthy.set(labels, isHealthy ? 1 : 0)
      }
    },
  })
}

function labelsOf(state: TargetState): Record<(typeof LABELS)[number], string> {
  const { organization, environment, pipeline, major, step, target } = state
  return { organization, environment, pipeline, major, step, target }
}
