import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { t } from '../../texts/texts.ts'
import { download } from '../download.ts'
import { say } from '../messages/say.ts'

export const EXPORT_FORMATS = ['ndjson', 'csv'] as const
type ExportFormat = (typeof EXPORT_FORMATS)[number]
export type ExportType = (typeof TYPES)[ExportFormat]

const TYPES = { ndjson: 'application/x-ndjson', csv: 'text/csv' } as const

/**
 * Saves a whole list as a file. A connection that is cut off saves nothing: the file would not be whole.
 *
 * @param read asks the server for the list in one of the types
 * @param nameOf the name of the file
 */
export function useSaveExport(
  read: (accept: ExportType) => Promise<Response>,
  nameOf: (format: ExportFormat) => string,
) {
  const [bytes, setBytes] = useState(0)
  const mutation = useMutation({
    mutationFn: async (format: ExportFormat) => {
      setBytes(0)
      const type = TYPES[format]
      const { body } = await read(type)
      const parts: Uint8Array<ArrayBuffer>[] = []
      let received = 0
      if (body !== null) {
        for await (const part of chunksOf(body)) {
          parts.push(part)
          received += part.byteLength
          setBytes(received)
        }
      }
      const name = nameOf(format)
      download(name, new Blob(parts, { type }))
      say(t.exports.done(name))
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
