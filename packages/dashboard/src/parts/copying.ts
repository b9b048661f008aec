import { useEffect, useState } from 'react'
import { t } from '../texts/texts.ts'
import { warn } from './messages/say.ts'

/** How long a button says that it has copied, in ms. */
const SAID_MS = 1_000

/**
 * Copies a text. Browsers give the clipboard only to pages over HTTPS or of the same machine, and only if the person allows
 * it; the old way works in the others.
 *
 * @returns whether it was copied; if not, the person is told
 */
export async function copyText(text: string): Promise<boolean> {
  const isCopied = (await isWritten(text)) || isCopiedByCommand(text)
  if (!isCopied) warn(t.parts.notCopied)
  return isCopied
}

async function isWritten(text: string): Promise<boolean> {
  const { clipboard } = navigator as { readonly clipboard?: Clipboard }
  if (clipboard === undefined) return false
  try {
    await clipboard.writeText(text)
    return true
  } catch {
    return false
  }
}

/** Copies by the command of the browser, which takes what is selected. */
function isCopiedByCommand(text: string): boolean {
  const { activeElement: focused } = document
  const field = document.createElement('textarea')
  field.value = text
  field.readOnly = true
  field.style.position = 'fixed'
  field.style.opacity = '0'
  // Beside the button, because a dialog keeps the focus.
  const around = focused?.parentElement ?? document.body
  around.append(field)
  try {
    field.select()
    return document.execCommand('copy')
  } finally {
    field.remove()
    if (focused instanceof HTMLElement) focused.focus()
  }
}

/** A button that copies: whether it has just done so, and what it does. */
export function useCopying(text: string): {
  readonly isCopied: boolean
  readonly copy: () => Promise<boolean>
} {
  const [times, setTimes] = useState(0)
  const [isCopied, setCopied] = useState(false)
  useEffect(() => {
    if (times === 0) return undefined
    const timer = setTimeout(() => setCopied(false), SAID_MS)
    return () => clearTimeout(timer)
  }, [times])
  const copy = async (): Promise<boolean> => {
    const is = await copyText(text)
    setCopied(is)
    if (is) setTimes((before) => before + 1)
    return is
  }
  return { isCopied, copy }
}
