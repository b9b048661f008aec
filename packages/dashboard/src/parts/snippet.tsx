import { t } from '../texts/texts.ts'
import { CopyIcon } from './copy-button.tsx'
import { Breakable } from './id.tsx'
import classes from './snippet.module.css'

/** Lines to paste into a shell or a program. */
export function Snippet({ label, children }: { readonly label: string; readonly children: string }) {
  return (
    <div className={classes.snippet}>
      <pre aria-label={label}>
        <Breakable>{children}</Breakable>
      </pre>
      <CopyIcon className={classes.copy} text={children} label={t.parts.copyLines} />
    </div>
  )
}
