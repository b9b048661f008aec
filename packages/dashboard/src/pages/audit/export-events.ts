import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { sallyport } from '../../data/sallyport.ts'
import { download } from '../../parts/download.ts'
import { say } from '../../parts/layers/toasts.tsx'
import { t } from '../../texts/texts.ts'
import { filterOf } from './queries.ts'
import type { AuditSearch } from './search.ts'

export type ExportFormat = 'ndjson' | 'csv'

const TYPES = { ndjson: 'application/x-ndjson', csv: 'text/csv' } as const

/** Saves all events that the filters find. A connection that is cut off saves nothing: the file would not be whole. */
export function useExportEvents(organization: string, search: AuditSearch) {
  const [bytes, setBytes] = useState(0)
  const mutation = useMutation({
    mutationFn: async (format: ExportFormat) => {
      setBytes(0)
      const type = TYPES[format]
      const { body } = await sallyport.exportAuditEvents({
        ...filterOf(organization, search, Date.now()),
        accept: type,
      })
      const parts: Uint8Array<ArrayBuffer>[] = []
      let read = 0
      if (body !== null) {
        for await (const part of chunksOf(body)) {
          parts.push(part)
          read += part.byteLength
          setBytes(read)
        }
      }
      const name = t.audit.exports.file(organization, format)
      download(name, new Blob(parts, { type }))
      say(t.audit.exports.done(name))
    },
  })
  return { ...mutation, bytes }
}

/** Streams cannot be iterated in every browser. */
async function* chunksOf(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  const reader = stream.getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    yield value
  }
}
