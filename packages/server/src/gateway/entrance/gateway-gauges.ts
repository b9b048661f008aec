import { Counter, type Registry } from 'prom-client'
import { registerGauge } from '../../telemetry/gauge.ts'
import type { Readiness } from '../../telemetry/readiness.ts'

/** The state of a gateway that its metrics show. */
export interface GatewayState {
  readonly readiness: () => Readiness
  readonly openTunnels: () => number
  readonly runs: { readonly runs: number; readonly contentBytes: number }
  readonly compressions: () => number
  /** Null if nothing is stored. */
  readonly cache: {
    readonly bytes: number
    readonly size: number
    readonly results: Readonly<Record<string, number>>
  } | null
}

/** Registers the gauges of a gateway. They are read when metrics are. */
export function registerGatewayGauges(
  registry: Registry,
  { readiness, openTunnels, runs, compressions, cache }: GatewayState,
): void {
  const gauge = (name: string, help: string, value: () => number): void =>
    registerGauge(registry, name, help, value)
  gauge('sallyport_gateway_tunnels', 'Open upgraded connections.', openTunnels)
  gauge('sallyport_gateway_runs', 'Running pipelines with steps.', () => runs.runs)
  gauge(
    'sallyport_gateway_run_content_bytes',
    'Bytes of request bodies held by running pipelines.',
    () => runs.contentBytes,
  )
  gauge('sallyport_gateway_compressions', 'Response bodies that are compressed now.', compressions)
  if (cache !== null) {
    gauge('sallyport_cache_bytes', 'Bytes of stored responses.', () => cache.bytes)
    gauge('sallyport_cache_responses', 'Stored responses.', () => cache.size)
    const answers: Counter<'result'> = new Counter({
      name: 'sallyport_cache_requests_total',
      help: 'Requests that the cache was asked about, by how they were answered.',
      labelNames: ['result'],
      registers: [registry],
      collect: () => {
        answers.reset()
        for (const [result, count] of Object.entries(cache.results)) answers.inc({ result }, count)
      },
    })
  }
  registerGauge(
    registry,
    'sallyport_gateway_snapshot_revision',
    'Revision of the snapshot in use.',
    () => readiness().revision,
    'min',
  )
  registerGauge(
    registry,
    'sallyport_gateway_snapshot_age_seconds',
    'Seconds since the snapshot was last known to be current.',
    () => readiness().snapshotAgeSeconds ?? Number.NaN,
    'max',
  )
}
