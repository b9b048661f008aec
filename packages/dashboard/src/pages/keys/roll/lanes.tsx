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

const WIDTH = 416
const HEIGHT = 112
const LANE_HEIGHT = 32
const OLD_BASE = 44
const NEW_BASE = 92

/** A roll as two lanes on one time axis: the requests with the old secret, and with the new one. */
export function Lanes({ shown, roll, uses }: LanesProps) {
  const nowMs = useNow()
  const endMs = Date.parse(roll.endsAt)
  // Until the new secret is used, all use is that of the old one.
  const isNewUsed = roll.secrets.at(-1)?.lastUsedAt != null
  const newest = isNewUsed ? Math.max(0, ...uses.map(({ sequence }) => sequence)) : Infinity
  const values = laneValues(uses, newest, rollStartMs(shown), endMs)
  const { oldSecret, newSecret } = values
  const max = Math.max(1, ...oldSecret, ...newSecret)
  const step = WIDTH / oldSecret.length
  const now = Math.min(WIDTH, ((nowMs - values.startMs) / (endMs - values.startMs)) * WIDTH)
  const [oldHint = '', newHint = ''] = shown.secrets.slice(-2).map(({ hint }) => shortHint(hint))
  const words = t.keys.roll
  return (
    <svg
      className={classes.lanes}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={words.chart(duration(values.bucketMs / 1000))}
    >
      <rect className={classes.todo} x={now} y="12" width={WIDTH - now} height="80" />
      <text x="0" y="10">
        {words.oldSecret} {oldHint}
      </text>
      <text x="0" y="58">
        {words.newSecret} {newHint}
      </text>
      <Bars className={classes.old} values={oldSecret} base={OLD_BASE} step={step} max={max} />
      <Bars className={classes.new} values={newSecret} base={NEW_BASE} step={step} max={max} />
      <path className={classes.base} d={`M0 ${OLD_BASE + 0.5}H${WIDTH}M0 ${NEW_BASE + 0.5}H${WIDTH}`} />
      <path className={classes.now} d={`M${now} 12V96`} />
      <path className={classes.end} d={`M${WIDTH - 0.5} 12V96`} />
      <text x="0" y="108">
        {timeOfDay(rollStartMs(shown))}
      </text>
      {now > 60 && now < WIDTH - 60 && (
        <text x={now} y="108" textAnchor="middle">
          {words.now}
        </text>
      )}
      <text x={WIDTH} y="108" textAnchor="end">
        {timeOfDay(endMs)}
      </text>
    </svg>
  )
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
