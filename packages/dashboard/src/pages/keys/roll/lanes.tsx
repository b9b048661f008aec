import { useElementSize } from '@mantine/hooks'
import { duration, timeOfDay } from '../../../format/times.ts'
import { useNow } from '../../../parts/now.ts'
import { t } from '../../../texts/texts.ts'
import { shortHint } from '../key-words.tsx'
import { laneValues, type SecretUse } from './lane-values.ts'
import classes from './lanes.module.css'
import { type Roll, type RollingKey, rollStartMs } from './secret-use.ts'

interface LanesProps {
  readonly shown: RollingKey
  readonly roll: Pick<Roll, 'endsAt' | 'secrets'>
  readonly uses: readonly SecretUse[]
}

const HEIGHT = 128
const LANE_HEIGHT = 32
const OLD_BASE = 50
const NEW_BASE = 106
/** How far below its lane a line of the axis ends, and how far above it the words of the lane stand. */
const TICK = 4
const WORDS = 6

/** A roll as two lanes on one time axis: the requests with the old secret, and with the new one. */
export function Lanes(props: LanesProps) {
  const { ref, width } = useElementSize()
  return (
    <div ref={ref} className={classes.frame}>
      {width > 0 && <Drawing {...props} width={width} />}
    </div>
  )
}

function Drawing({ shown, roll, uses, width }: LanesProps & { readonly width: number }) {
  const nowMs = useNow()
  const endMs = Date.parse(roll.endsAt)
  // Until the new secret is used, all use is that of the old one.
  const isNewUsed = roll.secrets.at(-1)?.lastUsedAt != null
  const newest = isNewUsed ? Math.max(0, ...uses.map(({ sequence }) => sequence)) : Infinity
  const values = laneValues(uses, newest, rollStartMs(shown), endMs)
  const { oldSecret, newSecret } = values
  const max = Math.max(1, ...oldSecret, ...newSecret)
  const step = width / oldSecret.length
  const now = Math.min(width, ((nowMs - values.startMs) / (endMs - values.startMs)) * width)
  const [oldHint = '', newHint = ''] = shown.secrets.slice(-2).map(({ hint }) => shortHint(hint))
  const words = t.keys.roll
  return (
    <svg
      className={classes.lanes}
      width={width}
      height={HEIGHT}
      viewBox={`0 0 ${width} ${HEIGHT}`}
      role="img"
      aria-label={words.chart(duration(values.bucketMs / 1000))}
    >
      {[OLD_BASE, NEW_BASE].map((base) => (
        <rect
          key={base}
          className={classes.todo}
          x={now}
          y={base - LANE_HEIGHT}
          width={width - now}
          height={LANE_HEIGHT}
        />
      ))}
      <text x="0" y={OLD_BASE - LANE_HEIGHT - WORDS}>
        {words.oldSecret} {oldHint}
      </text>
      <text x="0" y={NEW_BASE - LANE_HEIGHT - WORDS}>
        {words.newSecret} {newHint}
      </text>
      <Bars className={classes.old} values={oldSecret} base={OLD_BASE} step={step} max={max} />
      <Bars className={classes.new} values={newSecret} base={NEW_BASE} step={step} max={max} />
      <path className={classes.base} d={`M0 ${OLD_BASE + 0.5}H${width}M0 ${NEW_BASE + 0.5}H${width}`} />
      <path className={classes.now} d={upright(now)} />
      <path className={classes.end} d={upright(width - 0.5)} />
      <text x="0" y={HEIGHT - TICK}>
        {timeOfDay(rollStartMs(shown))}
      </text>
      {now > 60 && now < width - 60 && (
        <text x={now} y={HEIGHT - TICK} textAnchor="middle">
          {words.now}
        </text>
      )}
      <text x={width} y={HEIGHT - TICK} textAnchor="end">
        {timeOfDay(endMs)}
      </text>
    </svg>
  )
}

/** A line across both lanes, which leaves out the words between them. */
function upright(x: number): string {
  return `M${x} ${OLD_BASE - LANE_HEIGHT}V${OLD_BASE}M${x} ${NEW_BASE - LANE_HEIGHT}V${NEW_BASE + TICK}`
}

interface BarsProps {
  readonly className: string | undefined
  readonly values: readonly number[]
  readonly base: number
  readonly step: number
  readonly max: number
}

function Bars({ className, values, base, step, max }: BarsProps) {
  const bars = values.map((value, index) => ({ x: index * step + 0.5, height: (value / max) * LANE_HEIGHT }))
  return bars.map(({ x, height }) =>
    height === 0 ? null : (
      <rect
        key={x}
        className={className}
        x={x}
        y={base - height}
        width={Math.max(1, step - 1.5)}
        height={Math.max(1, height)}
      />
    ),
  )
}
