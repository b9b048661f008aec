import { useMemo, useState } from 'react'
import { writeSpec } from '../spec/spec-text.ts'

/** A spec that is being written. */
export interface Draft {
  readonly text: string
  /** Whether it differs from what is saved. */
  readonly isChanged: boolean
  readonly set: (text: string) => void
  /** Goes back to what is saved. */
  readonly discard: () => void
}

/** The text of a saved spec and its changes, which stay while the tabs of the page change. */
export function useDraft(saved: unknown): Draft {
  const savedText = useMemo(() => writeSpec(saved), [saved])
  const [written, setWritten] = useState<string | null>(null)
  return {
    text: written ?? savedText,
    isChanged: written !== null && written !== savedText,
    set: setWritten,
    discard: () => setWritten(null),
  }
}
