import { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'
import { timestampAnswer } from './timestamp.ts'

/** How long an export may take, in ms. A slow reader must not keep its place forever. */
const EXPORT_MS_MAX = 60 * 60 * 1000

/** An export that has begun. */
export interface Exported {
  /** When it began, in ms since 1970. */
  readonly atMs: number
  readonly organization: string
  readonly batches: AsyncGenerator<unknown, void, undefined>
}

/** A form of an export. */
export interface ExportForm<Content extends Exported> {
  readonly mediaType: string
  readonly fileEnding: string
  /** The text of the export, in parts. */
  write(exported: Content): AsyncGenerator<string, void, undefined>
}

/** A line of NDJSON. */
export function jsonLine(value: object): string {
  return `${JSON.stringify(value)}\n`
}

/**
 * Streams an export as fast as its reader takes it. A failure cuts the response off, so that its reader notices.
 *
 * @param subject the beginning of the file's name
 */
export function sendExport<Content extends Exported>(
  reply: FastifyReply,
  exported: Content,
  form: ExportForm<Content>,
  subject: string,
): FastifyReply {
  const stream = Readable.from(form.write(exported), { objectMode: false })
  const timer = setTimeout(
    () => stream.destroy(new Error(`An export took more than ${EXPORT_MS_MAX} ms`)),
    EXPORT_MS_MAX,
  )
  stream.once('close', () => {
    clearTimeout(timer)
    // The text may never have been asked for.
    void exported.batches.return()
  })
  const time = timestampAnswer(exported.atMs).replaceAll(':', '').replace(/\.\d+/, '')
  return reply
    .type(`${form.mediaType}; charset=utf-8`)
    .header(
      'content-disposition',
      `attachment; filename="${subject}-${exported.organization}-${time}.${form.fileEnding}"`,
    )
    .send(stream)
}
