import { Counter, type Registry } from 'prom-client'
import { registerGauge } from '../telemetry/gauge.ts'

/** What the metrics of shared limits show. */
export interface LimitsState {
  readonly isStoreUp: () => boolean
  /** How long it takes until each counter in use was exchanged, in ms. */
  readonly cycleMs: () => number
  /** How many requests were decided, by what decided them. */
  readonly decided: Readonly<Record<string, number>>
}

/** Registers the metrics of shared limits. They are read when metrics are. */
export function registerLimitMetrics(registry: Registry, { isStoreUp, cycleMs, decided }: LimitsState): void {
  registerGauge(
    registry,
    'sallyport_limits_store_up',
    'Whether the store of limits answers; 0 while this gateway counts alone.',
    () => (isStoreUp() ? 1 : 0),
  )
  registerGauge(
    registry,
    'sallyport_limits_exchange_seconds',
    'Seconds until each counter in use is exchanged with the store.',
    () => cycleMs() / 1000,
  )
  const decisions: Counter<'by'> = new Counter({
    name: 'sallyport_limits_decisions_total',
    help: 'Requests that were counted for limits, by what decided them.',
    labelNames: ['by'],
    registers: [registry],
    collect: () => {
      decisions.reset()
      for (const [by, count] of Object.entries(decided)) decisions.inc({ by }, count)
    },
  })
}
