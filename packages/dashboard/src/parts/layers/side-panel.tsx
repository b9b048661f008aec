import { ActionIcon, Drawer } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { type ReactNode, useEffect, useEffectEvent, useId } from 'react'
import { t } from '../../texts/texts.ts'
import { Icon } from '../icon.tsx'
import { isOnTop } from './on-top.ts'
import classes from './side-panel.module.css'

interface SidePanelProps {
  readonly title: ReactNode
  /** Beside the title, such as a state. */
  readonly aside?: ReactNode
  /** Below the title, such as an id. */
  readonly about?: ReactNode
  /** Actions in the foot, destructive ones last; false for none. */
  readonly foot?: ReactNode
  readonly onClose: () => void
  readonly children: ReactNode
}

/** From here on, details stand beside the list. Below, they lie over it. */
const BESIDE = '(min-width: 75rem)'

/** Details of one thing, or a form about it. */
export function SidePanel(props: SidePanelProps) {
  const { onClose } = props
  const isBeside = useMediaQuery(BESIDE, undefined, { getInitialValueInEffect: false })
  const title = useId()
  const onEscape = useEffectEvent((event: KeyboardEvent): void => {
    if (event.key === 'Escape' && !isOnTop()) onClose()
  })
  useEffect(() => {
    if (!isBeside) return undefined
    const listener = (event: KeyboardEvent): void => onEscape(event)
    // Before what lies on top has closed because of the same key.
    window.addEventListener('keydown', listener, { capture: true })
    return () => window.removeEventListener('keydown', listener, { capture: true })
  }, [isBeside])
  if (isBeside) {
    return (
      <aside className={classes.panel} aria-labelledby={title}>
        <Content {...props} heading={<h2 id={title}>{props.title}</h2>} />
      </aside>
    )
  }
  return (
    <Drawer.Root opened onClose={onClose} position="right" size="min(100vw, var(--drawer))">
      <Drawer.Overlay />
      <Drawer.Content className={classes.drawer}>
        <Content {...props} heading={<Drawer.Title>{props.title}</Drawer.Title>} />
      </Drawer.Content>
    </Drawer.Root>
  )
}

interface ContentProps extends Omit<SidePanelProps, 'title'> {
  readonly heading: ReactNode
}

function Content({ heading, aside, about, foot, onClose, children }: ContentProps) {
  return (
    <div className={classes.content}>
      <div className={classes.head}>
        <div className={classes.line}>
          {heading}
          {aside}
          <ActionIcon
            variant="subtle"
            size="1.75rem"
            className={classes.close}
            aria-label={t.parts.close}
            onClick={onClose}
          >
            <Icon name="close" />
          </ActionIcon>
        </div>
        {about !== undefined && <div className={classes.about}>{about}</div>}
      </div>
      <div className={classes.scroll}>{children}</div>
      {foot !== undefined && foot !== false && <div className={classes.foot}>{foot}</div>}
    </div>
  )
}

/** A part of a panel, above a hairline. */
export function PanelSection({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <section className={classes.section} aria-label={label}>
      {children}
    </section>
  )
}
