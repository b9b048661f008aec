import { Counter, Gauge, type Registry } from 'prom-client'
import type { Readiness } from '../../telemetry/readiness.ts'

/** Which entrance of the gateway a request took. */
export type Entrance = 'gateway' | 'authz'

/**
 * Counts requests by how they came out. On the hot path this is a number in a map; the registry is filled when
 * somebody reads it.
 */
export class OutcomeCounts {
  readonly #counts: Readonly<Record<Entrance, Map<string, number>>> = { gateway: new Map(), authz: new Map() }

  count(entrance: Entrance, outcome: string): void {
    const counts = this.#counts[entrance]
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1)
  }

  get(entrance: Entrance, outcome: string): number {
    return this.#counts[entrance].get(outcome) ?? 0
  }

  entries(): { entrance: Entrance; outcome: string; count: number }[] {
    return (['gateway', 'authz'] as const).flatMap((entrance) =>
      [...this.#counts[entrance]].map(([outcome, count]) => ({ entrance, outcome, count })),
    )
  }
}

/** Registers the gateway's metrics. */
export function registerGatewayMetrics(
  registry: Registry,
  counts: OutcomeCounts,
  readiness: () => Readiness,
  openTunnels: () => number,
  runs: { readonly runs: number; readonly contentBytes: number },
): void {
  const requests = new Counter({
    name: 'sallyport_gateway_requests_total',
    help: 'Requests by entrance and outcome: a problem code, or how the request went on.',
    labelNames: ['entrance', 'outcome'] as const,
    registers: [registry],
    collect: () => {
      requests.reset()
      for (const { entrance, outcome, count } of counts.entries()) requests.inc({ entrance, outcome }, count)
    },
  })
  const gauge = (name: string, help: string, value: () => number): void => {
    const made: Gauge = new Gauge({ name, help, registers: [registry], collect: () => made.set(value()) })
  }
  gauge('sallyport_gateway_tunnels', 'Upgraded connections open now.', openTunnels)
  gauge('sallyport_gateway_runs', 'Pipelines with steps running now.', () => runs.runs)
  gauge(
    'sallyport_gateway_run_content_bytes',
    'Bytes of request bodies that running pipelines hold.',
    () => runs.contentBytes,
  )
  gauge('sallyport_gateway_snapshot_revision', 'Revision of the snapshot in use.', () => readiness().revision)
  gauge(
    'sallyport_gateway_snapshot_age_seconds',
    'Seconds since the snapshot was known to be current.',
    () => readiness().snapshotAgeSeconds ?? Number.NaN,
  )
}
