import { useQuery } from '@tanstack/react-query'
import { quotasQuery } from '../../../../data/quotas.ts'
import { Note } from '../../../../parts/states/note.tsx'
import text from '../../../../parts/text.module.css'
import { usePlace } from '../../../../shell/organization.ts'
import { t } from '../../../../texts/texts.ts'
import type { Format } from '../upload.ts'
import type { FileHead } from './file-head.ts'

/** So many unknown columns are named one by one. */
const UNKNOWN_SHOWN = 5

interface HeadNoteProps {
  readonly organization: string
  readonly head: FileHead
  readonly format: Format
}

/** What the beginning of the chosen file says: its columns, or why the server will refuse it. */
export function HeadNote({ organization, head, format }: HeadNoteProps) {
  const { may } = usePlace()
  const { data } = useQuery({ ...quotasQuery(organization), enabled: may('organization.read') })
  const { head: words } = t.imports
  const faults = faultsOf(head)
  const room = data === undefined ? undefined : Math.max(0, data.keys.limit - data.keys.used)
  return (
    <>
      {faults.length === 0 ? (
        <Note tone="plain" role="status" title={words.inOrder}>
          {words.found(head.known)}
        </Note>
      ) : (
        <Note tone="warn" role="status" title={titleOf(head, format)}>
          <ul>
            {faults.map((fault) => (
              <li key={fault}>{fault}</li>
            ))}
          </ul>
        </Note>
      )}
      {room !== undefined && <p className={text.meta}>{words.room(room)}</p>}
    </>
  )
}

function titleOf({ fault }: FileHead, format: Format): string {
  const { head } = t.imports
  if (fault === 'unreadable') return head.unreadable
  return format === 'csv' || fault !== undefined ? head.fault : head.lines
}

function faultsOf({ fault, unknown, missing }: FileHead): readonly string[] {
  const { head } = t.imports
  if (fault !== undefined) return [head.faults[fault]]
  const shown = unknown.slice(0, UNKNOWN_SHOWN)
  const hidden = unknown.length - shown.length
  return [
    ...shown.map(({ position, name, meant }) => head.unknown(position, name, meant)),
    ...(hidden > 0 ? [head.moreUnknown(hidden)] : []),
    ...missing.map((any) => head.missing(any)),
  ]
}
