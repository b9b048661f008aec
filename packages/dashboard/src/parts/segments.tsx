import { SegmentedControl } from '@mantine/core'

interface SegmentsProps<Value extends string> {
  readonly label: string
  readonly choices: readonly { readonly value: Value; readonly word: string }[]
  readonly value: Value
  /** Whether they stand below each other where they do not fit side by side. */
  readonly isMany?: boolean
  readonly onChoose: (value: Value) => void
}

/** A choice of a few that stand side by side. */
export function Segments<Value extends string>(props: SegmentsProps<Value>) {
  const { label, choices, value, isMany = false, onChoose } = props
  return (
    <SegmentedControl
      data-many={isMany || undefined}
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
