import { Failure } from '../../../parts/states/failure.tsx'
import { Note } from '../../../parts/states/note.tsx'
import { t } from '../../../texts/texts.ts'
import { UnreadableFileError } from './beginning.ts'

interface UploadFailureProps {
  readonly error: unknown
  readonly retry?: () => void
}

/** Why a file could not be read or sent. A file that cannot be read must be chosen again. */
export function UploadFailure({ error, retry }: UploadFailureProps) {
  if (!(error instanceof UnreadableFileError)) return <Failure error={error} retry={retry} />
  const { title, text } = t.imports.unreadable
  return (
    <Note tone="bad" title={title} role="alert">
      {text}
    </Note>
  )
}
