import { Counter, Gauge, type Registry } from 'prom-client'
import { registerGauge } from '../../telemetry/gauge.ts'

/** The parts of a control node that are measured. */
export interface MeasuredNode {
  readonly streams: { readonly size: number }
  readonly attached: { readonly reportsSaved: number }
  readonly enrolled: { readonly pastLeases: number; readonly size: number }
}

/** Registers what a control node does for gateways without a database. Everything is read when metrics are. */
export function registerNodeMetrics(registry: Registry, { streams, attached, enrolled }: MeasuredNode): void {
  registerGauge(
    registry,
    'sallyport_fleet_streams',
    'Gateways and relays that have a stream to this control node.',
    () => streams.size,
  )
  const gateways: Gauge<'lease'> = new Gauge({
    name: 'sallyport_fleet_gateways',
    help: 'Enrolled gateways of the whole fleet, by whether their lease is held or over.',
    labelNames: ['lease'],
    registers: [registry],
    collect: () => {
      gateways.set({ lease: 'over' }, enrolled.pastLeases)
      gateways.set({ lease: 'held' }, enrolled.size - enrolled.pastLeases)
    },
  })
  const reports: Counter = new Counter({
    name: 'sallyport_fleet_reports_saved_total',
    help: 'Reports of gateways that this control node has saved.',
    registers: [registry],
    collect: () => {
      reports.reset()
      reports.inc(attached.reportsSaved)
    },
  })
}
