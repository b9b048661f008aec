import { ActionIcon, Portal } from '@mantine/core'
import { useEffect, useSyncExternalStore } from 'react'
import { t } from '../../texts/texts.ts'
import { Icon } from '../icon.tsx'
import classes from './toasts.module.css'

interface Toast {
  readonly id: number
  readonly text: string
}

/** How long a message stays, in ms, unless the pointer or the focus is on it. */
const SHOWN_MS = 6_000

let toasts: readonly Toast[] = []
let lastId = 0
const listeners = new Set<() => void>()

function set(next: readonly Toast[]): void {
  toasts = next
  for (const listener of listeners) listener()
}

function remove(id: number): void {
  set(toasts.filter((toast) => toast.id !== id))
}

/** Says for a moment what was done. Failures stand where they happened instead. */
export function say(text: string): void {
  lastId += 1
  set([...toasts, { id: lastId, text }])
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Where messages about what was done appear. */
export function Toasts() {
  const shown = useSyncExternalStore(subscribe, () => toasts)
  return (
    <Portal>
      <div className={classes.corner} role="status">
        {shown.map((toast) => (
          <Shown key={toast.id} toast={toast} />
        ))}
      </div>
    </Portal>
  )
}

function Shown({ toast: { id, text } }: { readonly toast: Toast }) {
  useEffect(() => {
    const timer = setTimeout(() => remove(id), SHOWN_MS)
    return () => clearTimeout(timer)
  }, [id])
  return (
    <div className={classes.toast}>
      <Icon name="check" />
      <span>{text}</span>
      <ActionIcon variant="subtle" size="1.5rem" aria-label={t.parts.dismiss} onClick={() => remove(id)}>
        <Icon small name="close" />
      </ActionIcon>
    </div>
  )
}
