import type { ControlApp } from '../routing/control-app.ts'
import { serveFiles } from './static-page.ts'

/** Serves the page of hand-over links: what follows `#` never reaches the server. To load the page opens nothing. */
export async function serveHandOverPage(app: ControlApp): Promise<void> {
  await serveFiles(app, [
    { path: '/hand-over', file: 'hand-over/hand-over.html' },
    { path: '/hand-over/hand-over.css', file: 'hand-over/hand-over.css' },
    { path: '/hand-over/hand-over.js', file: 'hand-over/hand-over.js' },
    { path: '/hand-over/link.js', file: 'hand-over/link.js' },
    { path: '/hand-over/page.js', file: 'hand-over/page.js' },
  ])
}
