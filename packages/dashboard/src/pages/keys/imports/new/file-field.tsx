import { useRef } from 'react'
import { FileZone } from '../../../../parts/files/file-zone.tsx'
import { t } from '../../../../texts/texts.ts'
import type { ChosenFile } from '../upload.ts'
import { formatOf, HEAD_BYTES } from './file-head.ts'

/** A file that was chosen, with its beginning. */
export interface Candidate extends ChosenFile {
  /** Null if it cannot be read. */
  readonly bytes: Uint8Array | null
}

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

/** Takes the file of an import. Only its beginning is read. */
export function FileField({ value, onChange }: FileFieldProps) {
  const { form } = t.imports
  const newest = useRef<File>(undefined)
  const take = async (file: File): Promise<void> => {
    newest.current = file
    const bytes = await headOf(file)
    // Another one may have been chosen meanwhile.
    if (newest.current === file) onChange({ file, format: formatOf(file.name, bytes ?? NO_BYTES), bytes })
  }
  return (
    <FileZone
      words={value === undefined ? form.drop : form.chosen(value.file.name, value.file.size)}
      button={value === undefined ? form.choose : form.chooseOther}
      accept={ACCEPTED}
      onFile={(file) => void take(file)}
    />
  )
}
