import { Radio } from '@mantine/core'
import { Note } from '../../../parts/states/note.tsx'
import { t } from '../../../texts/texts.ts'
import { type Grace, GRACES } from './grace.ts'

interface GraceFieldProps {
  readonly value: Grace
  readonly onChange: (value: Grace) => void
}

/** How long the old secret of a roll works on. */
export function GraceField({ value, onChange }: GraceFieldProps) {
  const { grace, graces, atOnce } = t.keys.rollDialog
  return (
    <>
      <Radio.Group
        label={grace}
        value={value}
        onChange={(chosen) => onChange(GRACES.find((each) => each === chosen) ?? value)}
      >
        {GRACES.map((seconds) => (
          <Radio key={seconds} size="xs" mt="xs" value={seconds} label={graces[seconds]} />
        ))}
      </Radio.Group>
      {value === '0' && <Note tone="warn" title={atOnce} />}
    </>
  )
}
