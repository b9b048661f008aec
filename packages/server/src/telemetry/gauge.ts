import { type Aggregator, Gauge, type Registry } from 'prom-client'

/**
 * Registers a gauge whose value is read when metrics are.
 *
 * @param aggregator how the values of several threads become one
 */
export function registerGauge(
  registry: Registry,
  name: string,
  help: string,
  value: () => number,
  aggregator: Aggregator = 'sum',
): void {
  const created: Gauge = new Gauge({
    name,
    help,
    aggregator,
    registers: [registry],
    collect: () => created.set(value()),
  })
}
