import { Select, TextInput } from '@mantine/core'
import { useAtNow } from '../../../parts/now.ts'
import { t } from '../../../texts/texts.ts'
import type { Expiry } from './expiry.ts'
import classes from './fields.module.css'

interface ExpiryFieldProps {
  readonly choices: readonly Expiry['choice'][]
  readonly value: Expiry
  readonly onChange: (value: Expiry) => void
}

/** When a key expires. */
export function ExpiryField({ choices, value, onChange }: ExpiryFieldProps) {
  const { form } = t.keys
  const today = useAtNow((nowMs) => new Date(nowMs).toISOString().slice(0, 10))
  return (
    <div className={classes.expiry}>
      <Select
        label={form.expires}
        data={choices.map((choice) => ({ value: choice, label: form.expiries[choice] }))}
        value={value.choice}
        allowDeselect={false}
        onChange={(choice) => onChange({ ...value, choice: choice ?? value.choice })}
      />
      {value.choice === 'date' && (
        <TextInput
          type="date"
          aria-label={form.date}
          required
          min={today}
          value={value.date}
          onChange={({ currentTarget }) => onChange({ ...value, date: currentTarget.value })}
        />
      )}
    </div>
  )
}
