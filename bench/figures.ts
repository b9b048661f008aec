import type { Figure } from './results.ts'
import { spreadOf } from './statistics.ts'

/** Makes one figure of a row. @param target the maximum value */
export type MakeFigure = (
  measure: string,
  unit: string,
  values: readonly number[],
  target?: number,
  note?: string,
) => Figure

/** Makes the figures of a row, whose names begin with the given one. */
export function figuresOf(row: string): MakeFigure {
  return (measure, unit, values, target, note) => ({
    kind: 'figure',
    name: `${row}: ${measure}`,
    unit,
    value: spreadOf(values),
    target,
    note,
  })
}

/** The same for a row whose target reports several figures, each time that it runs. */
export function figuresOfReports<Report>(
  row: string,
  reports: readonly Report[],
): (
  measure: string,
  unit: string,
  select: (report: Report) => number,
  target?: number,
  note?: string,
) => Figure {
  const figure = figuresOf(row)
  return (measure, unit, select, target, note) => figure(measure, unit, reports.map(select), target, note)
}
