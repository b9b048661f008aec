import { Textarea } from '@mantine/core'
import { t } from '../../../texts/texts.ts'

interface AddressesFieldProps {
  /** Addresses and ranges, in lines or with commas between them. */
  readonly value: string
  readonly onChange: (value: string) => void
}

/** From where a key works. */
export function AddressesField({ value, onChange }: AddressesFieldProps) {
  return (
    <Textarea
      label={t.keys.form.addresses}
      description={t.keys.form.addressesHint}
      autosize
      minRows={1}
      maxRows={6}
      spellCheck={false}
      value={value}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
    />
  )
}
