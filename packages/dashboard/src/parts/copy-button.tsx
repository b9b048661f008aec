import { ActionIcon, Button, type ButtonProps, Tooltip } from '@mantine/core'
import { t } from '../texts/texts.ts'
import { Icon, type IconName } from './icon.tsx'
import { useCopying } from './copying/use-copying.ts'

interface CopyIconProps {
  readonly text: string
  /** What it copies. */
  readonly label: string
  readonly className?: string | undefined
  /** Whether it shows that the text was copied once. */
  readonly isKept?: boolean
  readonly onCopied?: () => void
}

/** A small button that copies a text. */
export function CopyIcon({ text, label, className, isKept = false, onCopied }: CopyIconProps) {
  const { isCopied, isRefused, copy } = useCopying(onCopied)
  return (
    <Tooltip label={t.parts.notCopied} opened={isRefused}>
      <ActionIcon
        className={className}
        variant="subtle"
        size="1.5rem"
        aria-label={isCopied ? t.parts.copied : isRefused ? t.parts.notCopied : label}
        onClick={() => void copy(text)}
      >
        <Icon small name={shape(isCopied || isKept, isRefused)} />
      </ActionIcon>
    </Tooltip>
  )
}

interface CopyButtonProps {
  readonly text: string
  readonly word: string
  readonly variant?: ButtonProps['variant']
  readonly size?: ButtonProps['size']
  /** Whether there is nothing to copy. */
  readonly isEmpty?: boolean
  readonly onCopied?: () => void
}

/** A button with a word that copies a text. */
export function CopyButton({ text, word, variant, size, isEmpty = false, onCopied }: CopyButtonProps) {
  const { isCopied, isRefused, copy } = useCopying(onCopied)
  return (
    <Tooltip label={t.parts.notCopied} opened={isRefused}>
      <Button
        {...(variant !== undefined && { variant })}
        {...(size !== undefined && { size })}
        leftSection={<Icon small name={shape(isCopied, isRefused)} />}
        aria-disabled={isEmpty || undefined}
        aria-description={isRefused ? t.parts.notCopied : undefined}
        onClick={() => void (!isEmpty && copy(text))}
      >
        {isCopied ? t.parts.copied : word}
      </Button>
    </Tooltip>
  )
}

const shape = (isCopied: boolean, isRefused: boolean): IconName =>
  isCopied ? 'check' : isRefused ? 'warning' : 'copy'
