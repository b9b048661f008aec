import { ActionIcon, Button, NumberInput, Select } from '@mantine/core'
import type { ReactNode } from 'react'
import { Icon } from '../../../parts/icon.tsx'
import layout from '../../../parts/layers/form.module.css'
import text from '../../../parts/text.module.css'
import { t } from '../../../texts/texts.ts'
import classes from './fields.module.css'
import { type Limit, LIMITS_MAX, PERIODS, type Period } from './limits.ts'

interface LimitsFieldProps<L extends Limit> {
  readonly value: readonly L[]
  readonly onChange: (value: readonly L[]) => void
  /** What is said above the rows. */
  readonly hint: string
  /** A new row, but its id. */
  readonly added: Omit<L, 'id'>
  /** A further control of a row. @param row counted from 1 */
  readonly more?: (limit: L, row: number, set: (change: Partial<L>) => void) => ReactNode
}

const REQUESTS_MAX = 1_000_000_000

/** Rate limits, one in each row. */
export function LimitsField<L extends Limit>({ value, onChange, hint, added, more }: LimitsFieldProps<L>) {
  const { limits: words } = t.keys.form
  const set = (id: number, change: Partial<L>): void =>
    onChange(value.map((limit) => (limit.id === id ? { ...limit, ...change } : limit)))
  const add = (): void => {
    const id = Math.max(-1, ...value.map((limit) => limit.id)) + 1
    onChange([...value, { ...added, id } as L])
  }
  return (
    <fieldset className={layout.field}>
      <legend>{words.title}</legend>
      <p className={text.meta}>{hint}</p>
      {value.map((limit, index) => (
        <div key={limit.id} className={classes.limit} data-more={more !== undefined || undefined}>
          <NumberInput
            aria-label={words.requestsOf(index + 1)}
            placeholder={words.requests}
            min={1}
            max={REQUESTS_MAX}
            allowDecimal={false}
            allowNegative={false}
            hideControls
            required
            value={limit.requests}
            onChange={(chosen) =>
              set(limit.id, { requests: typeof chosen === 'number' ? chosen : '' } as Partial<L>)
            }
          />
          <Select
            aria-label={words.perOf(index + 1)}
            data={PERIODS.map((period) => ({ value: period, label: words.per(period) }))}
            value={limit.per}
            allowDeselect={false}
            onChange={(chosen) =>
              set(limit.id, { per: (chosen ?? limit.per) satisfies Period } as Partial<L>)
            }
          />
          {more?.(limit, index + 1, (change) => set(limit.id, change))}
          <ActionIcon
            variant="subtle"
            aria-label={words.removeOf(index + 1)}
            onClick={() => onChange(value.filter(({ id }) => id !== limit.id))}
          >
            <Icon small name="close" />
          </ActionIcon>
        </div>
      ))}
      {value.length < LIMITS_MAX && (
        <Button size="compact-xs" leftSection={<Icon small name="plus" />} onClick={add}>
          {words.add}
        </Button>
      )}
    </fieldset>
  )
}
