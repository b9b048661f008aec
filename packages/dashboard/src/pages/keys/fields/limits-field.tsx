import { ActionIcon, Button, NumberInput, Select } from '@mantine/core'
import { Icon } from '../../../parts/icon.tsx'
import layout from '../../../parts/layers/form.module.css'
import text from '../../../parts/text.module.css'
import { t } from '../../../texts/texts.ts'
import classes from './fields.module.css'
import { type Limit, LIMITS_MAX, PERIODS, type Period } from './limits.ts'

interface LimitsFieldProps {
  readonly value: readonly Limit[]
  readonly onChange: (value: readonly Limit[]) => void
}

const REQUESTS_MAX = 1_000_000_000

/** The rate limits of a key, one in each row. */
export function LimitsField({ value, onChange }: LimitsFieldProps) {
  const { limits: words } = t.keys.form
  const set = (id: number, change: Partial<Limit>): void =>
    onChange(value.map((limit) => (limit.id === id ? { ...limit, ...change } : limit)))
  const add = (): void => {
    const id = Math.max(-1, ...value.map((limit) => limit.id)) + 1
    onChange([...value, { id, requests: '', per: 'minute' }])
  }
  return (
    <fieldset className={layout.field}>
      <legend>{words.title}</legend>
      <p className={text.meta}>{words.hint}</p>
      {value.map(({ id, requests, per }, index) => (
        <div key={id} className={classes.limit}>
          <NumberInput
            aria-label={words.requestsOf(index + 1)}
            placeholder={words.requests}
            min={1}
            max={REQUESTS_MAX}
            allowDecimal={false}
            allowNegative={false}
            hideControls
            required
            value={requests}
            onChange={(chosen) => set(id, { requests: typeof chosen === 'number' ? chosen : '' })}
          />
          <Select
            aria-label={words.perOf(index + 1)}
            data={PERIODS.map((period) => ({ value: period, label: words.per(period) }))}
            value={per}
            allowDeselect={false}
            onChange={(chosen) => set(id, { per: (chosen ?? per) satisfies Period })}
          />
          <ActionIcon
            variant="subtle"
            aria-label={words.removeOf(index + 1)}
            onClick={() => onChange(value.filter((limit) => limit.id !== id))}
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
