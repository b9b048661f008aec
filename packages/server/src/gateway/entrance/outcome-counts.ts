import { Counter, Gauge, type Registry } from 'prom-client'
import type { Readiness } from '../../telemetry/readiness.ts'

/** The entrance of the gateway that a request used. */
export type Entrance = 'gateway' | 'authz'

/**
 * Counts requests by outcome. On the hot path it increments a number in a map; the registry is filled when metrics are
 * read.
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
    help: 'Requests by entrance and outcome: a problem code, or how the request continued.',
    labelNames: ['entrance', 'outcome'] as const,
    registers: [registry],
    collect: () => {
      requests.reset()
      for (const { entrance, outcome, count } of counts.entries()) requests.inc({ entrance, outcome }, count)
    },
  })
  const gauge = (name: string, help: string, value: () => number): void => {
    const created: Gauge = new Gauge({
      name,
      help,
      registers: [registry],
      collect: () => created.set(value()),
    })
  }
  gauge('sallyport_gateway_tunnels', 'Open upgraded connections.', openTunnels)
  gauge('sallyport_gateway_runs', 'Running pipelines with steps.', () => runs.runs)
  gauge(
    'sallyport_gateway_run_content_bytes',
    'Bytes of request bodies held by running pipelines.',
    () => runs.contentBytes,
  )
  gauge('sallyport_gateway_snapshot_revision', 'Revision of the snapshot in use.', () => readiness().revision)
  gauge(
    'sallyport_gateway_snapshot_age_seconds',
    'Seconds since the snapshot was last known to be current.',
    () => readiness().snapshotAgeSeconds ?? Number.NaN,
  )
}
