import type { Pipeline } from '@sallyport/sdk'
import { useMemo, useState } from 'react'
import { writeSpec } from '../spec/spec-text.ts'

/** A spec that is being written. */
export interface Draft {
  readonly text: string
  /** Whether it differs from what is saved. */
  readonly isChanged: boolean
  /** The version that it is a change of. */
  readonly base: string
  /** What has changed and why, for the version that it becomes. */
  readonly comment: string
  readonly setComment: (comment: string) => void
  readonly set: (text: string) => void
  /** Makes it a change of the newest version, although it does not have what that one has changed. */
  readonly rebase: () => void
  /** Goes back to what is saved. */
  readonly discard: () => void
}

interface Written {
  readonly text: string
  readonly base: string
}

/** The text of a saved spec and its changes, which stay while the tabs of the page change. */
export function useDraft({ spec, version }: Pipeline): Draft {
  const savedText = useMemo(() => writeSpec(spec), [spec])
  const [written, setWritten] = useState<Written | null>(null)
  const [comment, setComment] = useState('')
  const isChanged = written !== null && written.text !== savedText
  return {
    text: written?.text ?? savedText,
    isChanged,
    base: isChanged ? written.base : version,
    comment,
    setComment,
    // From the first change on, others may save versions.
    set: (text) => setWritten({ text, base: isChanged ? written.base : version }),
    rebase: () => setWritten((before) => before && { ...before, base: version }),
    discard() {
      setWritten(null)
      setComment('')
    },
  }
}
