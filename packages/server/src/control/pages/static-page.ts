import { readFile } from 'node:fs/promises'
import type { ControlApp } from '../routing/control-app.ts'

/** Own files only, nothing inline, and requests to this server only. `data:` is the empty icon of a page. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ')

const TYPES = { html: 'text/html', css: 'text/css', js: 'text/javascript' } as const

/** A file that browsers load, by its path on the server. */
export interface PageFile {
  readonly path: string
  /** In the folder of this file. */
  readonly file: `${string}.${keyof typeof TYPES}`
}

/** Serves the files of a page, which are read once. */
export async function serveFiles(app: ControlApp, files: readonly PageFile[]): Promise<void> {
  for (const { path, file } of files) {
    const content = await readFile(new URL(file, import.meta.url))
    const type = TYPES[file.slice(file.lastIndexOf('.') + 1) as keyof typeof TYPES]
    app.get(path, { schema: { hide: true } }, async (_request, reply) => {
      void reply
        .type(`${type}; charset=utf-8`)
        .header('content-security-policy', POLICY)
        .header('referrer-policy', 'no-referrer')
        .header('x-robots-tag', 'noindex')
      return await reply.send(content)
    })
  }
}
