import { ActionIcon, Portal } from '@mantine/core'
import { useEffect, useSyncExternalStore } from 'react'
import { t } from '../../texts/texts.ts'
import { Icon } from '../icon.tsx'
import { remove, subscribe, type Toast, toastsNow } from '../messages/say.ts'
import classes from './toasts.module.css'

/** How long a message stays, in ms, unless the pointer or the focus is on it. */
const SHOWN_MS = 6_000

/** Where messages about what was done appear. */
export function Toasts() {
  const shown = useSyncExternalStore(subscribe, toastsNow)
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

function Shown({ toast: { id, text, isWarning } }: { readonly toast: Toast }) {
  useEffect(() => {
    const timer = setTimeout(() => remove(id), SHOWN_MS)
    return () => clearTimeout(timer)
  }, [id])
  return (
    <div className={classes.toast}>
      <Icon name={isWarning ? 'warning' : 'check'} />
      <span>{text}</span>
      <ActionIcon variant="subtle" size="1.5rem" aria-label={t.parts.dismiss} onClick={() => remove(id)}>
        <Icon small name="close" />
      </ActionIcon>
    </div>
  )
}
