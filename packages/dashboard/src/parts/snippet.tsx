import { ActionIcon } from '@mantine/core'
import { t } from '../texts/texts.ts'
import { useCopying } from './copying.ts'
import { Icon } from './icon.tsx'
import classes from './snippet.module.css'

/** Lines to paste into a shell or a program. */
export function Snippet({ label, children }: { readonly label: string; readonly children: string }) {
  const { isCopied, copy } = useCopying(children)
  return (
    <div className={classes.snippet}>
      <pre aria-label={label}>{children}</pre>
      <ActionIcon
        className={classes.copy}
        variant="subtle"
        size="1.5rem"
        aria-label={isCopied ? t.parts.copied : t.parts.copyLines}
        onClick={() => void copy()}
      >
        <Icon small name={isCopied ? 'check' : 'copy'} />
      </ActionIcon>
    </div>
  )
}
