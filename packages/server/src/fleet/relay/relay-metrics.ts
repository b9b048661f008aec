import { Counter, type Registry } from 'prom-client'
import { registerGauge } from '../../telemetry/gauge.ts'

/** The parts of a relay that are measured. */
export interface MeasuredRelay {
  readonly streams: { readonly size: number }
  readonly attached: { readonly reportsSaved: number }
  readonly feed: { readonly fileBytes: number }
  readonly isConnected: () => boolean
}

/** Registers what a relay does, under the names that control nodes and gateways have for the same. */
export function registerRelayMetrics(
  registry: Registry,
  { streams, attached, feed, isConnected }: MeasuredRelay,
): void {
  registerGauge(
    registry,
    'sallyport_fleet_streams',
    'Gateways that have a stream to this relay.',
    () => streams.size,
  )
  registerGauge(registry, 'sallyport_fleet_connected', 'Whether there is a stream to a control node.', () =>
    isConnected() ? 1 : 0,
  )
  registerGauge(
    registry,
    'sallyport_fleet_snapshot_file_bytes',
    'Bytes of the file that gateways get; 0 if there is none.',
    () => feed.fileBytes,
  )
  const reports: Counter = new Counter({
    name: 'sallyport_fleet_reports_saved_total',
    help: 'Reports of gateways that this relay has passed on.',
    registers: [registry],
    collect: () => {
      reports.reset()
      reports.inc(attached.reportsSaved)
    },
  })
}
