import type { Comparison, Figure, NotMeasured, Result, Round } from './results.ts'
import { type Spread, spreadOf } from './statistics.ts'

/** Smaller values are shown with two digits. */
const SMALL = 20

const COLUMNS = ['row', 'result', 'lowest to highest', 'target', '', '']

/** Formats the results as text: a table, then the details of each comparison. */
export function formatResults(results: readonly Result[]): string {
  const lines = [COLUMNS, ...results.map(cells)]
  const widths = COLUMNS.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? '').length)))
  const table = lines.map((line) =>
    line
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
  const comparisons = results.filter((result) => result.kind === 'comparison')
  return [...table, '', ...comparisons.flatMap(details), ...notes(results)].join('\n')
}

function cells(result: Result): string[] {
  switch (result.kind) {
    case 'comparison':
      return comparisonCells(result)
    case 'figure':
      return figureCells(result)
    case 'not measured':
      return [result.name, `not measured: ${firstLine(result)}`, '', '', '', '']
  }
}

/** The ratio selected by `Comparison.basis`. */
function mainRatio(result: Comparison): Spread {
  return result.basis === 'requests/s' ? result.throughputRatio : result.cpuRatio
}

function comparisonCells(result: Comparison): string[] {
  const { median, min, max } = mainRatio(result)
  const { target } = result
  return [
    result.name,
    `${ratio(median)} by ${result.basis}`,
    `${ratio(min)} to ${ratio(max)}`,
    target === undefined ? '' : `≥ ${ratio(target)}`,
    target === undefined ? '' : median >= target ? 'met' : 'missed',
    result.areSaturated ? '' : 'server core not saturated',
  ]
}

function figureCells({ name, unit, value, target }: Figure): string[] {
  return [
    name,
    `${amount(value.median)} ${unit}`,
    `${amount(value.min)} to ${amount(value.max)}`,
    target === undefined ? '' : `≤ ${amount(target)}`,
    target === undefined ? '' : value.median <= target ? 'met' : 'missed',
    '',
  ]
}

function details(result: Comparison): string[] {
  return [
    `${result.name}: ${ratio(result.throughputRatio.median)} by requests/s, ` +
      `${ratio(result.cpuRatio.median)} by CPU time per request`,
    candidateLine(
      result.theirs,
      result.rounds.map((pair) => pair.theirs),
    ),
    candidateLine(
      result.ours,
      result.rounds.map((pair) => pair.ours),
    ),
    '',
  ]
}

function candidateLine(name: string, rounds: readonly Round[]): string {
  const median = (select: (round: Round) => number): number => spreadOf(rounds.map(select)).median
  const percent = (select: (round: Round) => number): string => `${Math.round(median(select) * 100)} %`
  return (
    `  ${name.padEnd(32)}${amount(median((round) => round.requestsPerSecond))} requests/s, ` +
    `${median((round) => round.cpuMicrosPerRequest).toFixed(1)} µs CPU per request, ` +
    `server core ${percent((round) => round.serverBusy)} busy, ` +
    `p50 ${amount(median((round) => round.p50Micros))} µs, p99 ${amount(median((round) => round.p99Micros))} µs`
  )
}

function notes(results: readonly Result[]): string[] {
  return results.flatMap((result) => {
    if (result.kind === 'not measured') return [`${result.name}: ${result.reason}`]
    return result.note === undefined ? [] : [`${result.name}: ${result.note}`]
  })
}

function firstLine({ reason }: NotMeasured): string {
  const [line = ''] = reason.split('\n')
  return line.length > 60 ? `${line.slice(0, 59)}…` : line
}

function ratio(value: number): string {
  return value.toFixed(2)
}

function amount(value: number): string {
  const digits =
    Math.abs(value) < SMALL && value !== 0 ? { maximumSignificantDigits: 2 } : { maximumFractionDigits: 0 }
  return value.toLocaleString('en', digits)
}
