import { ActionIcon } from '@mantine/core'
import { t } from '../texts/texts.ts'
import { useCopying } from './copying.ts'
import { Icon } from './icon.tsx'
import classes from './text.module.css'

/** An id, a hint or a code, as people compare them. */
export function Id({ children }: { readonly children: string }) {
  return <span className={classes.id}>{children}</span>
}

/** An id with a button that copies it. */
export function CopyableId({ value }: { readonly value: string }) {
  const { isCopied, copy } = useCopying(value)
  return (
    <span className={classes.copyable}>
      <Id>{value}</Id>
      <ActionIcon
        variant="subtle"
        size="1.5rem"
        aria-label={isCopied ? t.parts.copied : t.parts.copy(value)}
        onClick={() => void copy()}
      >
        <Icon small name={isCopied ? 'check' : 'copy'} />
      </ActionIcon>
    </span>
  )
}
