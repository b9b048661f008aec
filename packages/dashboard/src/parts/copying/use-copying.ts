import { useEffect, useState } from 'react'
import { copyText } from './copy-text.ts'

/** How long a button says what happened, in ms. */
const SAID_MS = 2_000

/** Copies texts, and tells for a moment whether that worked. */
export function useCopying(onCopied?: () => void) {
  const [outcome, setOutcome] = useState<'copied' | 'refused'>()
  useEffect(() => {
    if (outcome !== 'copied') return undefined
    const timer = setTimeout(() => setOutcome(undefined), SAID_MS)
    return () => clearTimeout(timer)
  }, [outcome])
  const copy = async (text: string): Promise<void> => {
    const isCopied = await copyText(text)
    setOutcome(isCopied ? 'copied' : 'refused')
    if (isCopied) onCopied?.()
  }
  return { isCopied: outcome === 'copied', isRefused: outcome === 'refused', copy } as const
}
