import { t } from '../texts/texts.ts'
import { CopyButton } from './copy-button.tsx'
import classes from './secret-text.module.css'

interface SecretTextProps {
  readonly label: string
  readonly value: string
  readonly onCopied: () => void
}

/** A text that is shown once: whole, and with a button that copies it. */
export function SecretText({ label, value, onCopied }: SecretTextProps) {
  return (
    <div className={classes.secret}>
      <textarea
        className={classes.text}
        aria-label={label}
        readOnly
        rows={1}
        spellCheck={false}
        value={value}
        onFocus={({ currentTarget }) => currentTarget.select()}
        onCopy={onCopied}
      />
      <CopyButton variant="filled" text={value} word={t.parts.copyIt} onCopied={onCopied} />
    </div>
  )
}
