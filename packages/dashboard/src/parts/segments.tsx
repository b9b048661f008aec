import { SegmentedControl } from '@mantine/core'

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
      data={choices.map((choice) => ({ value: choice.value, label: choice.word }))}
      value={value}
      onChange={(next) => {
        const chosen = choices.find((choice) => choice.value === next)
        if (chosen !== undefined) onChoose(chosen.value)
      }}
    />
  )
}
