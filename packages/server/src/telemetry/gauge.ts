import { Gauge, type Registry } from 'prom-client'

/** Registers a gauge whose value is read when metrics are. */
export function registerGauge(registry: Registry, name: string, help: string, value: () => number): void {
  const created: Gauge = new Gauge({
    name,
    help,
    registers: [registry],
    collect: () => created.set(value()),
  })
}
