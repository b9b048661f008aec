import { type ReactNode, useId, useState } from 'react'
import classes from './disclosure.module.css'
import { Icon } from '../../../parts/icon.tsx'

interface DisclosureProps {
  readonly title: string
  /** Beside the title, such as how much is inside. */
  readonly aside?: ReactNode
  readonly startsOpen?: boolean
  /** Drawn only while it is open. */
  readonly children: ReactNode
}

/** A part that is closed until it is needed. */
export function Disclosure({ title, aside, startsOpen = false, children }: DisclosureProps) {
  const [isOpen, setOpen] = useState(startsOpen)
  const id = useId()
  return (
    <div className={classes.disclosure}>
      <button
        type="button"
        className={classes.head}
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        onClick={() => setOpen(!isOpen)}
      >
        <span className={classes.mark} data-open={isOpen || undefined}>
          <Icon small name="back" />
        </span>
        <span className={classes.title}>{title}</span>
        <span className={classes.aside}>{aside}</span>
      </button>
      {isOpen && (
        <div id={id} className={classes.body}>
          {children}
        </div>
      )}
    </div>
  )
}
