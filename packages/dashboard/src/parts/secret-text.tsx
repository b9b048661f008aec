import { Button } from '@mantine/core'
import { t } from '../texts/texts.ts'
import { useCopying } from './copying.ts'
import { Icon } from './icon.tsx'
import classes from './secret-text.module.css'

interface SecretTextProps {
  readonly label: string
  readonly value: string
  readonly onCopied: () => void
}

/** A text that is shown once: whole, and with a button that copies it. */
export function SecretText({ label, value, onCopied }: SecretTextProps) {
  const { isCopied, copy } = useCopying(value)
  const copyIt = async (): Promise<void> => {
    if (await copy()) onCopied()
  }
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
      <Button
        variant="filled"
        leftSection={<Icon small name={isCopied ? 'check' : 'copy'} />}
        onClick={() => void copyIt()}
      >
        {isCopied ? t.parts.copied : t.parts.copyIt}
      </Button>
    </div>
  )
}
