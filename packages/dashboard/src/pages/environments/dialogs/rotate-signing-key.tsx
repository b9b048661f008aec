import { Radio } from '@mantine/core'
import { useState } from 'react'
import { Confirm } from '../../../parts/layers/confirm.tsx'
import { Note } from '../../../parts/states/note.tsx'
import { t } from '../../../texts/texts.ts'
import { useRotateSigningKey } from '../mutations.ts'

interface RotateSigningKeyProps {
  readonly organization: string
  readonly environment: string
  readonly onClose: () => void
}

/** Asks how long the tokens of the old signing key are accepted, and makes a new one. */
export function RotateSigningKey({ organization, environment, onClose }: RotateSigningKeyProps) {
  const rotate = useRotateSigningKey(organization)
  const [overlap, setOverlap] = useState<string>('default')
  const words = t.environments.signingKeys
  return (
    <Confirm
      title={words.rotateTitle(environment)}
      submit={words.rotateSubmit}
      isPending={rotate.isPending}
      error={rotate.error}
      onSubmit={() =>
        rotate.mutate(
          { environment, ...(overlap === 'none' && { overlapSeconds: 0 }) },
          { onSuccess: onClose },
        )
      }
      onClose={onClose}
    >
      <p>{words.rotateText}</p>
      <Radio.Group label={words.overlap} value={overlap} onChange={setOverlap}>
        {(['default', 'none'] as const).map((choice) => (
          <Radio key={choice} size="xs" mt="xs" value={choice} label={words.overlaps[choice]} />
        ))}
      </Radio.Group>
      {overlap === 'none' && <Note tone="warn" title={words.noneText} />}
    </Confirm>
  )
}
