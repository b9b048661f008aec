import { useElementSize } from '@mantine/hooks'
import { type PointerEvent, useState } from 'react'
import { compact, count } from '../../format/numbers.ts'
import { t } from '../../texts/texts.ts'
import { axisEnd, timeTicks } from './chart-scale.ts'
import classes from './chart.module.css'

export interface ChartPoint {
  readonly atMs: number
  readonly allowed: number
  readonly refused: number
  /** How many of the refused have the chosen reason. */
  readonly chosen?: number
}

interface ChartProps {
  /** At equal distances, from the oldest on. */
  readonly points: readonly ChartPoint[]
  /** The time that each point stands for. */
  readonly interval: 'minute' | 'hour' | 'day'
  /** How a point is named under the axis and when it is pointed at. */
  readonly nameOf: (atMs: number, isExact: boolean) => string
  /** What the chart shows, in words. */
  readonly label: string
}

const HEIGHT = 240
const LEFT = 40
const ALLOWED = { top: 20, bottom: 132, parts: 3 } as const
const REFUSED = { top: 170, bottom: 218, parts: 1 } as const
const TICK_PX = 72
/** The width of the longest word under the axis. */
const WORD_PX = 42
const BAR_GAP_PX = 1

/** Requests over time: allowed as an area above, refused as bars below. */
export function Chart({ points, interval, nameOf, label }: ChartProps) {
  const { ref, width } = useElementSize()
  const [pointed, setPointed] = useState<number>()
  const stepPx = (Math.max(width, 2 * LEFT) - LEFT) / Math.max(1, points.length)
  const point = (event: PointerEvent<SVGSVGElement>): void => {
    const { left } = event.currentTarget.getBoundingClientRect()
    const index = Math.floor((event.clientX - left - LEFT) / stepPx)
    setPointed(index >= 0 && index < points.length ? index : undefined)
  }
  const at = pointed === undefined ? undefined : points[pointed]
  return (
    <figure ref={ref} className={classes.figure}>
      {width > 0 && (
        <svg
          className={classes.chart}
          width={width}
          height={HEIGHT}
          viewBox={`0 0 ${width} ${HEIGHT}`}
          role="img"
          aria-label={label}
          onPointerMove={point}
          onPointerLeave={() => setPointed(undefined)}
        >
          <Allowed points={points} width={width} stepPx={stepPx} word={t.chart.allowed(interval)} />
          <Refused points={points} width={width} stepPx={stepPx} word={t.chart.refused(interval)} />
          <Times points={points} width={width} stepPx={stepPx} nameOf={nameOf} />
          {at !== undefined && pointed !== undefined && (
            <>
              <path
                className={classes.pointer}
                d={`M${middle(pointed, stepPx)} ${ALLOWED.top}V${REFUSED.bottom}`}
              />
              <text className={classes.values} x={width} y={ALLOWED.top - 6} textAnchor="end">
                {nameOf(at.atMs, true)}: {t.chart.values(count(at.allowed), count(at.refused))}
              </text>
            </>
          )}
        </svg>
      )}
    </figure>
  )
}

interface BandProps {
  readonly points: readonly ChartPoint[]
  readonly width: number
  readonly stepPx: number
  readonly word: string
}

function middle(index: number, stepPx: number): number {
  return LEFT + (index + 0.5) * stepPx
}

function Allowed({ points, width, stepPx, word }: BandProps) {
  const { top, bottom, parts } = ALLOWED
  const end = axisEnd(Math.max(...points.map(({ allowed }) => allowed)), parts)
  const high = (value: number): string => (bottom - (value / end) * (bottom - top)).toFixed(1)
  const line = points
    .map(({ allowed }, index) => `${middle(index, stepPx).toFixed(1)} ${high(allowed)}`)
    .join('L')
  const first = middle(0, stepPx)
  const last = middle(points.length - 1, stepPx)
  return (
    <>
      <Axis top={top} bottom={bottom} parts={parts} end={end} width={width} word={word} />
      <path className={classes.area} d={`M${first} ${bottom}L${line}L${last} ${bottom}Z`} />
      <path className={classes.line} d={`M${line}`} />
    </>
  )
}

function Refused({ points, width, stepPx, word }: BandProps) {
  const { top, bottom, parts } = REFUSED
  const end = axisEnd(Math.max(...points.map(({ refused }) => refused)), parts)
  const high = (value: number): number => (value / end) * (bottom - top)
  const barPx = Math.max(1, stepPx - BAR_GAP_PX)
  return (
    <>
      <Axis top={top} bottom={bottom} parts={parts} end={end} width={width} word={word} />
      {points.map(({ atMs, refused, chosen = 0 }, index) => {
        if (refused === 0) return null
        const x = LEFT + index * stepPx
        const height = Math.max(1, high(refused))
        const chosenHeight = Math.min(height, high(chosen))
        return (
          <g key={atMs}>
            <rect className={classes.bar} x={x} y={bottom - height} width={barPx} height={height} />
            {chosen > 0 && (
              <rect
                className={classes.chosen}
                x={x}
                y={bottom - chosenHeight}
                width={barPx}
                height={chosenHeight}
              />
            )}
          </g>
        )
      })}
    </>
  )
}

interface AxisProps {
  readonly top: number
  readonly bottom: number
  readonly parts: number
  readonly end: number
  readonly width: number
  readonly word: string
}

function Axis({ top, bottom, parts, end, width, word }: AxisProps) {
  const stepPx = (bottom - top) / parts
  return (
    <>
      {Array.from({ length: parts + 1 }, (_, part) => {
        const y = Math.round(bottom - part * stepPx) + 0.5
        return (
          <g key={part}>
            <path className={part === 0 ? classes.base : classes.grid} d={`M${LEFT} ${y}H${width}`} />
            <text x={LEFT - 8} y={y + 3.5} textAnchor="end">
              {compact((end / parts) * part)}
            </text>
          </g>
        )
      })}
      <text x={LEFT} y={top - 6}>
        {word}
      </text>
    </>
  )
}

function Times({
  points,
  width,
  stepPx,
  nameOf,
}: Omit<BandProps, 'word'> & { readonly nameOf: ChartProps['nameOf'] }) {
  const [first, second] = points
  if (first === undefined) return null
  const lengthMs = (second?.atMs ?? first.atMs + 1) - first.atMs
  const endMs = first.atMs + points.length * lengthMs
  const ticksMax = Math.max(2, Math.floor((width - LEFT) / TICK_PX))
  const left = (atMs: number): number => LEFT + ((atMs - first.atMs) / lengthMs) * stepPx
  const ticks = timeTicks(first.atMs, endMs, ticksMax).filter((atMs) => left(atMs) + WORD_PX <= width)
  return ticks.map((atMs) => (
    <text key={atMs} x={left(atMs)} y={HEIGHT - 4}>
      {nameOf(atMs, false)}
    </text>
  ))
}
