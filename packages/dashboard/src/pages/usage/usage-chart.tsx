import { Button } from '@mantine/core'
import { useState } from 'react'
import { axisTimes } from '../../format/axis-times.ts'
import { count } from '../../format/numbers.ts'
import type { UsageRead } from '../../data/usage/usage.ts'
import { bucketsOf } from '../../data/usage/usage-sums.ts'
import { Chart } from '../../parts/charts/chart.tsx'
import { SmallTable } from '../../parts/table/small-table.tsx'
import { t } from '../../texts/texts.ts'
import classes from './usage-page.module.css'

interface UsageChartProps {
  readonly read: UsageRead
  /** Whether only one reason is shown. */
  readonly isOneReason: boolean
}

/** Requests over time, and the same as a table for those who ask for it. */
export function UsageChart({ read, isOneReason }: UsageChartProps) {
  const [isTable, setTable] = useState(false)
  const { period, sums } = read
  const { fromMs, toMs, interval } = period
  const buckets = bucketsOf(period, sums)
  const nameOf = axisTimes(toMs - fromMs, interval === 'day')
  return (
    <>
      <Chart
        points={buckets.map((bucket) => ({ ...bucket, chosen: isOneReason ? bucket.refused : 0 }))}
        interval={interval}
        nameOf={nameOf}
        label={t.chart.label(interval, {
          allowed: Math.max(...buckets.map(({ allowed }) => allowed)),
          refused: Math.max(...buckets.map(({ refused }) => refused)),
        })}
      />
      <Button
        className={classes.toggle}
        size="compact-xs"
        variant="subtle"
        aria-expanded={isTable}
        onClick={() => setTable(!isTable)}
      >
        {t.usage.table}
      </Button>
      {isTable && (
        <SmallTable
          caption={t.usage.over}
          columns={[
            { word: t.usage.time },
            { word: t.usage.columns.allowed, width: '7rem', isNumber: true },
            { word: t.usage.columns.refused, width: '7rem', isNumber: true },
          ]}
        >
          {buckets
            .filter(({ allowed, refused }) => allowed + refused > 0)
            .toReversed()
            .map(({ atMs, allowed, refused }) => (
              <tr key={atMs}>
                <td>
                  <time dateTime={new Date(atMs).toISOString()}>{nameOf(atMs, true)}</time>
                </td>
                <td data-number="true">{count(allowed)}</td>
                <td data-number="true">{count(refused)}</td>
              </tr>
            ))}
        </SmallTable>
      )}
    </>
  )
}
