import { readFile } from 'node:fs/promises'
import type { ControlApp } from '../routing/control-app.ts'

/** The page of hand-over links. What follows `#` in a link never reaches the server, so all links have the same page. */
const PATH = '/hand-over'

const FILES = [
  { path: PATH, file: 'hand-over.html', type: 'text/html; charset=utf-8' },
  { path: `${PATH}/hand-over.css`, file: 'hand-over.css', type: 'text/css; charset=utf-8' },
  { path: `${PATH}/hand-over.js`, file: 'hand-over.js', type: 'text/javascript; charset=utf-8' },
  { path: `${PATH}/link.js`, file: 'link.js', type: 'text/javascript; charset=utf-8' },
] as const

/** Own files only, nothing inline, and requests to this server only. `data:` is the empty icon of the page. */
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

/** Serves the page of hand-over links. To load it opens nothing. */
export async function serveHandOverPage(app: ControlApp): Promise<void> {
  for (const { path, file, type } of FILES) {
    const content = await readFile(new URL(`hand-over/${file}`, import.meta.url))
    app.get(path, { schema: { hide: true } }, async (_request, reply) => {
      void reply
        .type(type)
        .header('content-security-policy', POLICY)
        .header('referrer-policy', 'no-referrer')
        .header('x-robots-tag', 'noindex')
      return await reply.send(content)
    })
  }
}
