import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { ControlApp } from '../routing/control-app.ts'
import { builtFiles, serveBuiltFiles } from './built-files.ts'

/** Where `npm run build` puts the dashboard. */
const BUILT = fileURLToPath(new URL('../../../../dashboard/dist', import.meta.url))
const PAGE = 'index.html'

/** The addresses that the page shows itself. `packages/dashboard/src/app/routes.tsx` has the pages below. */
const PATHS = [
  '/',
  '/set-up',
  '/sign-in',
  '/forgot-password',
  '/reset-password',
  '/profile',
  '/invitation',
  '/portal',
  '/organizations/*',
] as const

/** What stands in the built page for the nonce of an answer. */
const NONCE = '{{nonce}}'
const NONCE_BYTES = 16

const NOT_BUILT = `<!doctype html><html lang="en"><title>Sallyport</title>
<p>The dashboard is not built. Run <code>npm run build</code>, then start the server again. The API works without it.</p></html>
`

/** Own files only, and requests to this server only. Styles that the program adds while it runs need the nonce of the answer. */
function policy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}

/**
 * Serves the dashboard: its page at every address that it shows, and its files.
 *
 * @param randomBytes makes nonces
 */
export async function serveDashboard(
  app: ControlApp,
  randomBytes: (length: number) => Uint8Array,
  folder = BUILT,
): Promise<void> {
  const files = await builtFiles(folder)
  const page = files.includes(PAGE) ? await readFile(`${folder}/${PAGE}`, 'utf8') : NOT_BUILT
  for (const path of PATHS) {
    app.get(path, { schema: { hide: true } }, async (_request, reply) => {
      const nonce = Buffer.from(randomBytes(NONCE_BYTES)).toString('base64url')
      return await reply
        .type('text/html; charset=utf-8')
        .header('content-security-policy', policy(nonce))
        .header('referrer-policy', 'no-referrer')
        .header('x-robots-tag', 'noindex')
        .send(page.replaceAll(NONCE, nonce))
    })
  }
  serveBuiltFiles(app, folder, files)
}
