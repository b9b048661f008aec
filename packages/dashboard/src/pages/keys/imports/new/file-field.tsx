import { useState } from 'react'
import { t } from '../../../../texts/texts.ts'
import { beginningOf } from '../beginning.ts'
import type { ChosenFile } from '../upload.ts'
import { UploadFailure } from '../upload-failure.tsx'
import { formatOf, HEAD_BYTES } from './file-head.ts'
import classes from './file-field.module.css'

/** A file that was chosen, with its beginning. */
export interface Candidate extends ChosenFile {
  readonly bytes: Uint8Array
}

/** What the browser offers first. Any file can be chosen. */
const ACCEPTED = '.csv,.ndjson,.jsonl,text/csv,application/x-ndjson'

interface FileFieldProps {
  readonly value: Candidate | undefined
  readonly onChange: (candidate: Candidate) => void
}

/** Takes a file that is dropped or chosen. Only its beginning is read. */
export function FileField({ value, onChange }: FileFieldProps) {
  const [isOver, setOver] = useState(false)
  const [error, setError] = useState<unknown>()
  const { form } = t.imports
  const take = async (file: File | null | undefined): Promise<void> => {
    setOver(false)
    if (file == null) return
    try {
      const bytes = await beginningOf(file, HEAD_BYTES)
      setError(undefined)
      onChange({ file, format: formatOf(file.name, bytes), bytes })
    } catch (cause) {
      setError(cause)
    }
  }
  return (
    <>
      <label className={classes.zone} data-over={isOver || undefined}>
        <span className={classes.words}>
          {value === undefined ? form.drop : form.chosen(value.file.name, value.file.size)}
        </span>
        <span className={classes.button}>{value === undefined ? form.choose : form.chooseOther}</span>
        {/* It lies over all of it, so that the browser itself takes what is dropped. */}
        <input
          type="file"
          className={classes.input}
          accept={ACCEPTED}
          onDragEnter={() => setOver(true)}
          onDragLeave={() => setOver(false)}
          onChange={({ currentTarget }) => {
            void take(currentTarget.files?.item(0))
            // The same file can be chosen again after it was changed.
            currentTarget.value = ''
          }}
        />
      </label>
      {error !== undefined && <UploadFailure error={error} />}
    </>
  )
}
