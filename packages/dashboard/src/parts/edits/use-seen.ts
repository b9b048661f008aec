import { useState } from 'react'
import { Overtaken } from '../../data/edits/overtaken.ts'

/**
 * What a question is about, as the person saw it when it was asked. Once it turned out to have changed, and that was
 * shown, it is what is there now.
 *
 * @param error of the change that the question leads to
 */
export function useSeen<Shown extends object>(shown: Shown, error: unknown): Shown {
  const [seen, setSeen] = useState(shown)
  const now = error instanceof Overtaken ? (error.now as Shown | null) : null
  if (now !== null && now !== seen) setSeen(now)
  return seen
}
