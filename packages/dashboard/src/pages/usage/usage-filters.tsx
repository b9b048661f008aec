import { ActionIcon, TextInput } from '@mantine/core'
import { INTERVAL_MS } from '../../data/usage/usage-sums.ts'
import { Icon } from '../../parts/icon.tsx'
import { useAtNow } from '../../parts/now.ts'
import { Segments } from '../../parts/segments.tsx'
import { t } from '../../texts/texts.ts'
import { GroupName } from './group-name.tsx'
import { type Group, GROUPS, type UsageSearch } from './search.ts'
import { DEFAULT_PERIOD, intervalsOf, isOwnTime, timeOf } from './usage-time.ts'
import classes from './usage-page.module.css'

interface UsageFiltersProps {
  readonly search: UsageSearch
  readonly by: Group
  readonly onChange: (change: Partial<UsageSearch>) => void
}

const FILTERS = ['code', 'key', 'consumer', 'pipeline', 'version'] as const

/** How the counted requests are grouped, in which intervals, and which of them are counted. */
export function UsageFilters({ search, by, onChange }: UsageFiltersProps) {
  const { groups, intervals } = t.usage
  const time = timeOf(search, useHour())
  const possible = intervalsOf(time)
  return (
    <div className={classes.filters}>
      <Segments
        label={t.usage.by}
        isMany
        choices={GROUPS.map((value) => ({ value, word: groups[value] }))}
        value={by}
        onChoose={(value) => onChange({ by: value })}
      />
      {possible.length > 1 && (
        <Segments
          label={t.usage.interval}
          choices={possible.map((value) => ({ value, word: intervals[value] }))}
          value={time.interval}
          onChoose={(interval) => onChange({ interval })}
        />
      )}
      {FILTERS.map((name) => {
        const value = search[name]
        return (
          value !== undefined && (
            <span key={name} className={classes.chip}>
              {t.usage.filters[name]}
              <b>
                <GroupName by={name} group={value} />
              </b>
              <ActionIcon
                variant="subtle"
                size="1.5rem"
                aria-label={t.parts.clearFilter(t.usage.filters[name])}
                onClick={() => onChange({ [name]: undefined })}
              >
                <Icon small name="close" />
              </ActionIcon>
            </span>
          )
        )
      })}
    </div>
  )
}

interface UsageTimeProps {
  readonly search: UsageSearch
  readonly onChange: (change: Partial<UsageSearch>) => void
}

const OWN = 'own'
const CHOICES = ['60m', '24h', '7d', '30d', '90d', OWN] as const

/** The period: one that ends now, or days of one's own. */
export function UsageTime({ search, onChange }: UsageTimeProps) {
  const { periods } = t.usage
  const isOwn = isOwnTime(search)
  const change = (period: (typeof CHOICES)[number]): void => {
    if (period === OWN) {
      const { fromMs, toMs } = timeOf(search, Date.now())
      onChange({ from: dayOf(fromMs), to: dayOf(toMs - 1), period: undefined, interval: undefined })
      return
    }
    onChange({
      period: period === DEFAULT_PERIOD ? undefined : period,
      from: undefined,
      to: undefined,
      interval: undefined,
    })
  }
  return (
    <>
      {isOwn && (
        <>
          <Day label={t.usage.from} value={search.from} onChange={(from) => onChange({ from })} />
          <Day label={t.usage.to} value={search.to} onChange={(to) => onChange({ to })} />
        </>
      )}
      <Segments
        label={t.usage.period}
        choices={CHOICES.map((value) => ({ value, word: periods[value] }))}
        value={isOwn ? OWN : (search.period ?? DEFAULT_PERIOD)}
        onChoose={change}
      />
    </>
  )
}

interface DayProps {
  readonly label: string
  readonly value: string | undefined
  readonly onChange: (day: string) => void
}

function Day({ label, value = '', onChange }: DayProps) {
  const hourMs = useHour()
  return (
    <TextInput
      type="date"
      size="xs"
      aria-label={label}
      title={label}
      className={classes.day}
      value={value}
      max={dayOf(hourMs)}
      onChange={({ currentTarget }) => {
        if (currentTarget.value !== '') onChange(currentTarget.value)
      }}
    />
  )
}

function dayOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10)
}

/** The hour that it is, in ms since 1970: what is shown of the time changes no sooner. */
function useHour(): number {
  return useAtNow((nowMs) => Math.floor(nowMs / INTERVAL_MS.hour) * INTERVAL_MS.hour)
}
