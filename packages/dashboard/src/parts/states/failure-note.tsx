import { Button } from '@mantine/core'
import { SallyportError } from '@sallyport/sdk'
import {
  hasCode,
  isForbidden,
  isNotFound,
  isPasskeyDeclined,
  isPasskeyKnown,
  isUnreachable,
} from '../../data/failures.ts'
import { fieldName } from '../../texts/shared/fields.ts'
import { t } from '../../texts/texts.ts'
import { Overtaken } from '../../data/edits/overtaken.ts'
import { AskedAgainNote } from './asked-again-note.tsx'
import { CopyableId } from '../id.tsx'
import text from '../text.module.css'
import classes from './failure.module.css'
import { Note } from './note.tsx'

export interface FailureProps {
  readonly error: unknown
  /** Tries again. */
  readonly retry?: (() => void) | undefined
  /** Whether something was read, not done. */
  readonly isReading?: boolean | undefined
}

/** Why something could not be read or done. */
export function FailureNote({ error, retry, isReading = false }: FailureProps) {
  if (error instanceof Overtaken) return <AskedAgainNote by={error} />
  if (isForbidden(error) && error instanceof SallyportError) {
    return (
      <Note tone="plain" title={t.failures.forbidden} role="alert">
        {error.detail}
      </Note>
    )
  }
  if (hasCode(error, 'invalid_request') && error instanceof SallyportError && error.errors.length > 0) {
    return (
      <Note tone="bad" title={t.failures.toCorrect} role="alert">
        <ul>
          {error.errors.map(({ path, message }) => (
            <li key={path + message}>
              {path !== '' && <span className={text.strong}>{t.failures.field(fieldName(path))} </span>}
              {message}
            </li>
          ))}
        </ul>
      </Note>
    )
  }
  const again = retry !== undefined && (
    <Button size="xs" onClick={retry}>
      {t.failures.retry}
    </Button>
  )
  if (isUnreachable(error)) {
    return (
      <Note tone="warn" title={t.failures.unreachable} role="alert" action={again}>
        {t.failures.unreachableNext}
      </Note>
    )
  }
  if (isPasskeyDeclined(error) || isPasskeyKnown(error)) {
    const { declined, declinedNext, known, knownNext } = t.failures.passkey
    return (
      <Note tone="plain" title={isPasskeyKnown(error) ? known : declined} role="alert" action={again}>
        {isPasskeyKnown(error) ? knownNext : declinedNext}
      </Note>
    )
  }
  const { notFound, notRead, failed } = t.failures
  const title = isNotFound(error) ? notFound : isReading ? notRead : failed
  return (
    <Note tone="bad" title={title} role="alert" action={again}>
      {error instanceof SallyportError ? error.detail : t.failures.unexpected}
      {error instanceof SallyportError && error.errors.length > 0 && (
        <ul className={classes.places}>
          {error.errors.map(({ path, message }) => (
            <li key={path + message}>
              <code>{path}</code> {message}
            </li>
          ))}
        </ul>
      )}
      {error instanceof SallyportError && error.requestId !== null && (
        <span className={classes.request}>
          {t.failures.request} <CopyableId value={error.requestId} />
        </span>
      )}
    </Note>
  )
}
