import { Button } from '@mantine/core'
import { SallyportError } from '@sallyport/sdk'
import { isForbidden, isNotFound, isUnreachable } from '../data/failures.ts'
import { t } from '../texts/texts.ts'
import { CopyableId } from './id.tsx'
import classes from './failure.module.css'
import { Note } from './note.tsx'

interface FailureProps {
  readonly error: unknown
  /** Tries again. */
  readonly retry?: (() => void) | undefined
}

/** What a page or a dialog shows instead of what could not be read or done. */
export function Failure({ error, retry }: FailureProps) {
  if (isForbidden(error) && error instanceof SallyportError) {
    return (
      <Note tone="plain" title={t.failures.forbidden} role="alert">
        {error.detail}
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
  const title = isNotFound(error) ? t.failures.notFound : t.failures.failed
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
