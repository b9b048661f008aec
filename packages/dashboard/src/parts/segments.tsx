import { SegmentedControl } from '@mantine/core'
import classes from './segments.module.css'

interface SegmentsProps<Value extends string> {
  readonly label: string
  readonly choices: readonly { readonly value: Value; readonly word: string }[]
  readonly value: Value
  readonly onChoose: (value: Value) => void
}

/** A choice of a few that stand side by side. */
export function Segments<Value extends string>({ label, choices, value, onChoose }: SegmentsProps<Value>) {
  return (
    <SegmentedControl
      aria-label={label}
      classNames={{
        root: classes.root,
        control: classes.control,
        label: classes.label,
        indicator: classes.indicator,
      }}
      size="xs"
      withItemsBorders={false}
      data={choices.map((choice) => ({ value: choice.value, label: choice.word }))}
      value={value}
      onChange={(next) => {
        const chosen = choices.find((choice) => choice.value === next)
        if (chosen !== undefined) onChoose(chosen.value)
      }}
    />
  )
}
