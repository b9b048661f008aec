import { Button } from '@mantine/core'
import { isUnreachable } from '../../../../data/failures.ts'
import { PanelSection, SidePanel } from '../../../../parts/layers/side-panel.tsx'
import { Meter } from '../../../../parts/meter.tsx'
import { Failure } from '../../../../parts/states/failure.tsx'
import { Note } from '../../../../parts/states/note.tsx'
import text from '../../../../parts/text.module.css'
import { t } from '../../../../texts/texts.ts'
import { FileUnreadable, type Upload } from '../upload.ts'

interface UploadProgressProps {
  readonly upload: Upload
  readonly onRetry: () => void
  /** Ends it and forgets the file. */
  readonly onCancel: () => void
  readonly onClose: () => void
}

/** How much of a file has left the browser, or why it did not arrive. */
export function UploadProgress({ upload, onRetry, onCancel, onClose }: UploadProgressProps) {
  const { file, sentBytes, error } = upload
  const { upload: words, form } = t.imports
  const sent = Math.min(sentBytes, file.size)
  // Perhaps only the answer is lost. A second try of the same file makes no second import.
  const isUnknown = isUnreachable(error)
  const amount = words.sent(sent, file.size)
  return (
    <SidePanel
      title={error === null ? words.title(file.name) : words[isUnknown ? 'lost' : 'failed'](file.name)}
      about={form.about}
      onClose={onClose}
      foot={<Button onClick={onCancel}>{error === null ? words.cancel : words.other}</Button>}
    >
      <PanelSection label={words.bar}>
        {error === null ? (
          <>
            <p role="status">{sent < file.size ? amount : words.checking}</p>
            <Meter label={words.bar} words={amount} done={sent} all={file.size} />
            <p className={text.meta}>{words.stays}</p>
          </>
        ) : (
          <>
            {error instanceof FileUnreadable ? (
              <Note tone="bad" role="alert" title={words.unreadable}>
                {words.unreadableNext}
              </Note>
            ) : (
              <Failure error={error} retry={onRetry} />
            )}
            <p className={text.meta}>{isUnknown ? words.again : words.nothing}</p>
          </>
        )}
      </PanelSection>
    </SidePanel>
  )
}
