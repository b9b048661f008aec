import { ActionIcon, CopyButton } from '@mantine/core'
import { t } from '../texts/texts.ts'
import { Icon } from './icon.tsx'
import classes from './snippet.module.css'

/** Lines to paste into a shell or a program. */
export function Snippet({ label, children }: { readonly label: string; readonly children: string }) {
  return (
    <div className={classes.snippet}>
      <pre aria-label={label}>{children}</pre>
      <CopyButton value={children}>
        {({ copied, copy }) => (
          <ActionIcon
            className={classes.copy}
            variant="subtle"
            size="1.5rem"
            aria-label={copied ? t.parts.copied : t.parts.copyLines}
            onClick={copy}
          >
            <Icon small name={copied ? 'check' : 'copy'} />
          </ActionIcon>
        )}
      </CopyButton>
    </div>
  )
}
