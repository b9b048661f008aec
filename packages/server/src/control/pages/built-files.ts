import { readdir, readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import negotiator from '@fastify/accept-negotiator'
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

/** Serves each file that a browser may load, and no other path. A file is read when it is first asked for. */
export function serveBuiltFiles(app: ControlApp, folder: string, files: readonly string[]): void {
  const known = new Set(files)
  const contents = new Map<string, Promise<Buffer>>()
  const read = (file: string): Promise<Buffer> => {
    const content = contents.get(file) ?? readFile(join(folder, file))
    contents.set(file, content)
    return content
  }
  for (const file of files) {
    const type = TYPES[extname(file)]
    if (type === undefined) continue
    const encodings = (Object.keys(ENCODINGS) as Encoding[]).filter((encoding) =>
      known.has(file + ENCODINGS[encoding]),
    )
    app.get(`/${file}`, { schema: { hide: true } }, async (request, reply) => {
      const encoding = negotiated(request.headers['accept-encoding'], encodings)
      void reply.type(type).header('vary', 'accept-encoding')
      if (encoding !== null) void reply.header('content-encoding', encoding)
      if (file.startsWith(UNCHANGING)) {
        void reply.header('cache-control', `public, max-age=${UNCHANGING_SECONDS}, immutable`)
      }
      return await reply.send(await read(encoding === null ? file : file + ENCODINGS[encoding]))
    })
  }
}

/** RFC 9110 section 12.5.3. */
function negotiated(accepted: string | undefined, encodings: readonly Encoding[]): Encoding | null {
  if (accepted === undefined || encodings.length === 0) return null
  return negotiator.negotiate<Encoding>(accepted, [...encodings])
}
