import { useRef, useState } from 'react'
import { t } from '../../../../texts/texts.ts'
import type { ChosenFile } from '../upload.ts'
import { formatOf, HEAD_BYTES } from './file-head.ts'
import classes from './file-field.module.css'

/** A file that was chosen, with its beginning. */
export interface Candidate extends ChosenFile {
  /** Null if it cannot be read. */
  readonly bytes: Uint8Array | null
}

/** What the browser offers first. Any file can be chosen. */
const ACCEPTED = '.csv,.ndjson,.jsonl,text/csv,application/x-ndjson'

const NO_BYTES = new Uint8Array()

async function headOf(file: File): Promise<Uint8Array | null> {
  try {
    return new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer())
  } catch {
    return null
  }
}

interface FileFieldProps {
  readonly value: Candidate | undefined
  readonly onChange: (candidate: Candidate) => void
}

/** Takes a file that is dropped or chosen. Only its beginning is read. */
export function FileField({ value, onChange }: FileFieldProps) {
  const [isOver, setOver] = useState(false)
  const { form } = t.imports
  const newest = useRef<File>(undefined)
  const take = async (file: File | null | undefined): Promise<void> => {
    setOver(false)
    if (file == null) return
    newest.current = file
    const bytes = await headOf(file)
    // Another one may have been chosen meanwhile.
    if (newest.current === file) onChange({ file, format: formatOf(file.name, bytes ?? NO_BYTES), bytes })
  }
  return (
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
          const file = currentTarget.files?.item(0)
          // Browsers do not tell when the same file is chosen again, as one does after it was corrected.
          currentTarget.value = ''
          void take(file)
        }}
      />
    </label>
  )
}
