import { ActionIcon, CopyButton } from '@mantine/core'
import { t } from '../texts/texts.ts'
import { Icon } from './icon.tsx'
import classes from './text.module.css'

/** An id, a hint or a code, as people compare them. */
export function Id({ children }: { readonly children: string }) {
  return <span className={classes.id}>{children}</span>
}

/** An id with a button that copies it. */
export function CopyableId({ value }: { readonly value: string }) {
  return (
    <span className={classes.copyable}>
      <Id>{value}</Id>
      <CopyButton value={value}>
        {({ copied, copy }) => (
          <ActionIcon
            variant="subtle"
            size="1.5rem"
            aria-label={copied ? t.parts.copied : t.parts.copy(value)}
            onClick={copy}
          >
            <Icon small name={copied ? 'check' : 'copy'} />
          </ActionIcon>
        )}
      </CopyButton>
    </span>
  )
}
