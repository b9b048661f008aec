import { Button } from '@mantine/core'
import { isUnreachable } from '../../../data/failures.ts'
import { Note } from '../../../parts/states/note.tsx'
import { t } from '../../../texts/texts.ts'
import { useUpload } from './upload.ts'

interface UploadNoteProps {
  readonly organization: string
  readonly onShow: () => void
}

/** Says that a file is on its way while its progress is not shown. */
export function UploadNote({ organization, onShow }: UploadNoteProps) {
  const upload = useUpload(organization)
  if (upload === undefined) return null
  const { title, failed, lost, sent, show } = t.imports.upload
  const { file, sentBytes, error } = upload
  return (
    <Note
      tone={error === null ? 'plain' : 'bad'}
      title={error === null ? title(file.name) : isUnreachable(error) ? lost(file.name) : failed(file.name)}
      action={
        <Button size="xs" onClick={onShow}>
          {show}
        </Button>
      }
    >
      {sent(Math.min(sentBytes, file.size), file.size)}
    </Note>
  )
}
