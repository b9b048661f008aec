import type { Key } from '@sallyport/sdk'
import { queryOptions, useQuery } from '@tanstack/react-query'
import { sallyport } from '../../../data/sallyport.ts'
import { duration, timeOfDay } from '../../../format/times.ts'
import { useNow } from '../../../parts/now.ts'
import { t } from '../../../texts/texts.ts'
import { shortHint } from '../key-words.tsx'
import { laneValues } from './lane-values.ts'
import classes from './lanes.module.css'

interface LanesProps {
  readonly organization: string
  readonly shown: Key
  readonly endsAt: string
}

const ASK_MS = 5_000
const WIDTH = 416
const HEIGHT = 112
const LANE_HEIGHT = 32
const OLD_BASE = 44
const NEW_BASE = 92
const MINUTES_MAX_MS = 2 * 24 * 60 * 60_000

function secretUseQuery(organization: string, key: string, startMs: number, endMs: number) {
  return queryOptions({
    queryKey: ['secret-use', organization, key, startMs],
    refetchInterval: ASK_MS,
    queryFn: async ({ signal }) => {
      const input = {
        organization,
        key,
        groupBy: 'secret',
        interval: endMs - startMs > MINUTES_MAX_MS ? 'hour' : 'minute',
        from: new Date(startMs).toISOString(),
        to: new Date(Math.min(Date.now(), endMs)).toISOString(),
      } as const
      const uses: { sequence: number; atMs: number; requests: number }[] = []
      for await (const { group, at, requests } of sallyport.readUsage(input, { signal })) {
        uses.push({ sequence: Number(group?.split('/')[1]), atMs: Date.parse(at), requests })
      }
      return uses
    },
  })
}

/** A roll as two lanes on one time axis: the requests with the old secret, and with the new one. */
export function Lanes({ organization, shown, endsAt }: LanesProps) {
  const nowMs = useNow()
  const startMs = Date.parse(shown.secrets.at(-1)?.createdAt ?? shown.createdAt)
  const endMs = Date.parse(endsAt)
  const { data = [] } = useQuery(secretUseQuery(organization, shown.id, startMs, endMs))
  // Until the new secret is used, all use is that of the old one.
  const isNewUsed = shown.roll?.secrets.at(-1)?.lastUsedAt != null
  const newest = isNewUsed ? Math.max(0, ...data.map(({ sequence }) => sequence)) : Infinity
  const values = laneValues(data, newest, startMs, endMs)
  const { oldSecret, newSecret } = values
  const max = Math.max(1, ...oldSecret, ...newSecret)
  const step = WIDTH / oldSecret.length
  const now = Math.min(WIDTH, ((nowMs - values.startMs) / (endMs - values.startMs)) * WIDTH)
  const [oldHint = '', newHint = ''] = shown.secrets.slice(-2).map(({ hint }) => shortHint(hint))
  const { roll } = t.keys
  return (
    <svg
      className={classes.lanes}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={roll.chart(duration(values.bucketMs / 1000))}
    >
      <rect className={classes.todo} x={now} y="12" width={WIDTH - now} height="80" />
      <text x="0" y="10">
        {roll.oldSecret} {oldHint}
      </text>
      <text x="0" y="58">
        {roll.newSecret} {newHint}
      </text>
      <Bars className={classes.old} values={oldSecret} base={OLD_BASE} step={step} max={max} />
      <Bars className={classes.new} values={newSecret} base={NEW_BASE} step={step} max={max} />
      <path className={classes.base} d={`M0 ${OLD_BASE + 0.5}H${WIDTH}M0 ${NEW_BASE + 0.5}H${WIDTH}`} />
      <path className={classes.now} d={`M${now} 12V96`} />
      <path className={classes.end} d={`M${WIDTH - 0.5} 12V96`} />
      <text x="0" y="108">
        {timeOfDay(startMs)}
      </text>
      {now > 60 && now < WIDTH - 60 && (
        <text x={now} y="108" textAnchor="middle">
          {roll.now}
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
