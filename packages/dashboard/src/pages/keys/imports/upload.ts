import { useSyncExternalStore } from 'react'
import { type Import, randomUuid } from '@sallyport/sdk'
import { isUnreachable } from '../../../data/failures.ts'
import { sallyportForFile } from '../../../data/sallyport.ts'

export const FORMATS = ['csv', 'ndjson'] as const
export type Format = (typeof FORMATS)[number]

const TYPES = { csv: 'text/csv', ndjson: 'application/x-ndjson' } as const

/** A file to import, and its form. */
export interface ChosenFile {
  readonly file: File
  readonly format: Format
}

/** A file on its way to the server. It goes on while the person looks at other pages. */
export interface Upload extends ChosenFile {
  readonly organization: string
  readonly sentBytes: number
  /** Why it did not arrive; null while it is on its way. */
  readonly error: unknown
  /** The import that it has become; null if it did not arrive. */
  readonly arrival: Promise<Import | null>
}

let current: (Upload & { readonly control: AbortController; readonly attempt: string }) | undefined
const listeners = new Set<() => void>()

function set(next: typeof current): void {
  current = next
  // A page that is closed ends it.
  if (next === undefined || next.error !== null) window.removeEventListener('beforeunload', ask)
  else window.addEventListener('beforeunload', ask)
  for (const listener of listeners) listener()
}

function ask(event: BeforeUnloadEvent): void {
  event.preventDefault()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** The file that is on its way to an organization, or did not arrive there. */
export function useUpload(organization: string): Upload | undefined {
  const upload = useSyncExternalStore(subscribe, () => current)
  return upload?.organization === organization ? upload : undefined
}

/** Whether a file is on its way, so that another one has to wait. */
export function useIsSending(): boolean {
  return useSyncExternalStore(subscribe, () => current?.error === null)
}

/**
 * Sends a file. To send the same one again after it did not arrive makes no second import, even if only the answer was lost.
 *
 * @returns the import; null if it was cancelled
 * @throws SallyportError, FileUnreadable
 */
export async function send(organization: string, { file, format }: ChosenFile): Promise<Import | null> {
  const control = new AbortController()
  const attempt = current?.file === file ? current.attempt : randomUuid()
  const { promise: arrival, resolve } = Promise.withResolvers<Import | null>()
  set({ organization, file, format, sentBytes: 0, error: null, arrival, control, attempt })
  // Another one may have taken its place.
  const change = (next: (upload: NonNullable<typeof current>) => typeof current): void => {
    if (current?.control === control) set(next(current))
  }
  const client = sallyportForFile((sentBytes) => change((upload) => ({ ...upload, sentBytes })))
  try {
    const made = await client.importKeys(
      { organization, file, contentType: TYPES[format] },
      { signal: control.signal, idempotencyKey: attempt },
    )
    change(() => undefined)
    resolve(made)
    return made
  } catch (cause) {
    resolve(null)
    if (control.signal.aborted) return null
    // Browsers report a file that changed while it was sent as a lost connection.
    const error = isUnreachable(cause) && !(await isReadable(file)) ? new FileUnreadable() : cause
    change((upload) => ({ ...upload, error }))
    throw error
  }
}

/** A file that was changed, moved or removed after it was chosen. */
export class FileUnreadable extends Error {}

async function isReadable(file: File): Promise<boolean> {
  try {
    await file.slice(0, 1).arrayBuffer()
    return true
  } catch {
    return false
  }
}

/** Ends what is on its way, and forgets the file. The server removes what has arrived of it. */
export function cancelUpload(): void {
  current?.control.abort()
  set(undefined)
}
