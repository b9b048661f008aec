import { readdir, readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import negotiator from '@fastify/accept-negotiator'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ControlApp } from '../routing/control-app.ts'

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
}

/** The ways in which the build compresses files, the smallest first, and the ends of their names. */
const ENCODINGS = { br: '.br', gzip: '.gz' } as const
type Encoding = keyof typeof ENCODINGS

/** Files here have their content in their name, so they never change. */
const UNCHANGING = 'assets/'
/** A year, in seconds. */
const UNCHANGING_SECONDS = 365 * 24 * 60 * 60

/** The paths of all files below a folder, with slashes; none if there is no such folder. */
export async function builtFiles(folder: string): Promise<readonly string[]> {
  try {
    const paths = await readdir(folder, { recursive: true })
    return paths.map((path) => path.replaceAll('\\', '/'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

/** A file that a browser may load. */
interface ServedFile {
  readonly type: string
  readonly isUnchanging: boolean
  readonly encodings: readonly Encoding[]
  /** Its content, or what it is compressed to. A file is read when it is first asked for. */
  content(encoding: Encoding | null): Promise<Buffer>
}

function servedFiles(folder: string, files: readonly string[]): ReadonlyMap<string, ServedFile> {
  const known = new Set(files)
  const contents = new Map<string, Promise<Buffer>>()
  const read = (file: string): Promise<Buffer> => {
    const content = contents.get(file) ?? readFile(join(folder, file))
    contents.set(file, content)
    return content
  }
  return new Map(
    files.flatMap((file) => {
      const type = TYPES[extname(file)]
      if (type === undefined) return []
      const encodings = (Object.keys(ENCODINGS) as Encoding[]).filter((encoding) =>
        known.has(file + ENCODINGS[encoding]),
      )
      const content: ServedFile['content'] = (encoding) =>
        read(encoding === null ? file : file + ENCODINGS[encoding])
      return [[file, { type, encodings, isUnchanging: file.startsWith(UNCHANGING), content }] as const]
    }),
  )
}

/** Serves each file that a browser may load, and no other path. */
export function serveBuiltFiles(app: ControlApp, folder: string, files: readonly string[]): void {
  const served = servedFiles(folder, files)
  const send = async (path: string, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const file = served.get(path)
    if (file === undefined) {
      reply.callNotFound()
      return reply
    }
    const encoding = negotiated(request.headers['accept-encoding'], file.encodings)
    void reply.type(file.type).header('vary', 'accept-encoding')
    if (encoding !== null) void reply.header('content-encoding', encoding)
    if (file.isUnchanging) {
      void reply.header('cache-control', `public, max-age=${UNCHANGING_SECONDS}, immutable`)
    }
    return await reply.send(await file.content(encoding))
  }
  const schema = { hide: true }
  // One route for all of them, which are hundreds.
  app.get<{ Params: { '*': string } }>(`/${UNCHANGING}*`, { schema }, (request, reply) =>
    send(UNCHANGING + request.params['*'], request, reply),
  )
  for (const path of served.keys()) {
    if (path.includes('/')) continue
    app.get(`/${path}`, { schema }, (request, reply) => send(path, request, reply))
  }
}

/** RFC 9110 section 12.5.3. */
function negotiated(accepted: string | undefined, encodings: readonly Encoding[]): Encoding | null {
  if (accepted === undefined || encodings.length === 0) return null
  return negotiator.negotiate<Encoding>(accepted, [...encodings])
}
