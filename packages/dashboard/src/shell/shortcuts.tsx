import { useNavigate } from '@tanstack/react-router'
import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { isOnTop } from '../parts/layers/on-top.ts'
import { isTyping } from '../parts/typing.ts'
import { usePlace } from './organization.ts'
import { openPages } from './pages.ts'
import { Palette } from './palette.tsx'
import { ShortcutHelp } from './shortcut-help.tsx'

/** How long a "g" waits for the letter of a page, in ms. */
const GO_MS = 1_500

export type OpenTool = 'palette' | 'help'

interface ShortcutsProps {
  readonly open: OpenTool | undefined
  readonly onOpen: (tool: OpenTool | undefined) => void
}

/** The keys that work on every page, and what they open. */
export function Shortcuts({ open, onOpen }: ShortcutsProps) {
  const { organization, facts } = usePlace()
  const navigate = useNavigate()
  const goUntilMs = useRef(0)
  const onKey = useEffectEvent((event: KeyboardEvent): void => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
      event.preventDefault()
      // Not over a dialog, which would be left without its question.
      if (open === 'palette') onOpen(undefined)
      else if (!isOnTop()) onOpen('palette')
      return
    }
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event) || isOnTop()) return
    if (event.timeStamp < goUntilMs.current) {
      goUntilMs.current = 0
      const page = openPages(facts).find(({ letter }) => letter === event.key)
      if (page !== undefined) void navigate({ to: page.to, params: { organization } })
      return
    }
    switch (event.key) {
      case 'g':
        goUntilMs.current = event.timeStamp + GO_MS
        break
      case '?':
        onOpen('help')
        break
      case '/':
        event.preventDefault()
        document.querySelector<HTMLElement>('[data-search]')?.focus()
        break
      default:
    }
  })
  useEffect(() => {
    const listener = (event: KeyboardEvent): void => onKey(event)
    window.addEventListener('keydown', listener)
    return () => window.removeEventListener('keydown', listener)
  }, [])
  const close = (): void => onOpen(undefined)
  if (open === 'palette') return <Palette onClose={close} />
  if (open === 'help') return <ShortcutHelp onClose={close} />
  return null
}

/** What is open of it, and a way to open it by a button. */
export function useTools(): readonly [OpenTool | undefined, (tool: OpenTool | undefined) => void] {
  return useState<OpenTool | undefined>()
}
