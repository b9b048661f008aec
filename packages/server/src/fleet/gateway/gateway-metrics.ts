import { Histogram, type Registry } from 'prom-client'
import { registerGauge } from '../../telemetry/gauge.ts'

const MS_PER_SECOND = 1000
/** In seconds: a change arrives within milliseconds on one machine, and within a second across an ocean. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** The parts of a gateway without a database that are measured. */
export interface MeasuredGateway {
  readonly snapshot: {
    readonly lease: { readonly restMs: number }
    readonly fileBytes: number
    onChanges(listener: (changes: AppliedChanges) => void): void
  }
  readonly link: { readonly isConnected: boolean; readonly clockOffsetMs: number | null }
  /** The time of this machine's clock, in ms since 1970. */
  readonly nowMs: () => number
}

/** Changes of one block that are in force. */
export interface AppliedChanges {
  /** When the first of them was committed, in ms since 1970, by the clock of the control nodes. */
  readonly committedAtMs: number
  /** How long it took to check and to apply them, in ms. */
  readonly durationMs: number
}

/** Registers the stream of a gateway, its lease, and how fast changes arrive. */
export function registerGatewayMetrics(registry: Registry, { snapshot, link, nowMs }: MeasuredGateway): void {
  registerGauge(registry, 'sallyport_fleet_connected', 'Whether there is a stream to a control node.', () =>
    link.isConnected ? 1 : 0,
  )
  registerGauge(
    registry,
    'sallyport_fleet_lease_seconds',
    'How long the lease of this gateway still lasts; below 0, it has been over for as long.',
    () => snapshot.lease.restMs / MS_PER_SECOND,
  )
  registerGauge(
    registry,
    'sallyport_fleet_snapshot_file_bytes',
    'Bytes of the file that the gateway starts from; 0 if there is none.',
    () => snapshot.fileBytes,
  )
  registerGauge(
    registry,
    'sallyport_fleet_clock_offset_seconds',
    "How far this clock is ahead of the control node's.",
    () => (link.clockOffsetMs ?? 0) / MS_PER_SECOND,
  )
  const delivery = new Histogram({
    name: 'sallyport_fleet_delivery_seconds',
    help: 'Time from the commit of a change until it is in force here, by the clock of the control nodes.',
    buckets: BUCKETS,
    registers: [registry],
  })
  const apply = new Histogram({
    name: 'sallyport_fleet_apply_seconds',
    help: 'Time to check and to apply the changes of a block.',
    buckets: BUCKETS,
    registers: [registry],
  })
  snapshot.onChanges(({ committedAtMs, durationMs }) => {
    apply.observe(durationMs / MS_PER_SECOND)
    const delayMs = nowMs() - (link.clockOffsetMs ?? 0) - committedAtMs
    delivery.observe(Math.max(0, delayMs) / MS_PER_SECOND)
  })
}
