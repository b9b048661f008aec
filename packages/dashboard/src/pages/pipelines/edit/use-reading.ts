import { useDebouncedValue } from '@mantine/hooks'
import { useMemo } from 'react'
import { isLong, type ParsedSpec, parseSpec } from '../spec/spec-text.ts'

/** How long typing in a long text must pause before it is read, in ms. */
const PAUSE_MS = 600

/** A text as a spec. */
export interface Reading {
  readonly parsed: ParsedSpec
  /** Whether the text is too long to be read at each key. */
  readonly isLong: boolean
  /** Whether the text is the one that was read. A long one is read when typing pauses. */
  readonly isCurrent: boolean
}

export function useReading(text: string): Reading {
  const [paused] = useDebouncedValue(text, PAUSE_MS)
  const isOfLines = useMemo(() => isLong(text), [text])
  const read = isOfLines ? paused : text
  const parsed = useMemo(() => parseSpec(read), [read])
  return { parsed, isLong: isOfLines, isCurrent: read === text }
}
