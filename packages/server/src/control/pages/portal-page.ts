import type { ControlApp } from '../routing/control-app.ts'
import { serveFiles } from './static-page.ts'

/**
 * Serves the page of portal links: what follows `#` never reaches the server. To load the page opens nothing. It also uses
 * the style sheet of the hand-over page.
 */
export async function servePortalPage(app: ControlApp): Promise<void> {
  await serveFiles(app, [
    { path: '/portal', file: 'portal/portal.html' },
    { path: '/portal/portal.css', file: 'portal/portal.css' },
    { path: '/portal/portal.js', file: 'portal/portal.js' },
    { path: '/portal/keys.js', file: 'portal/keys.js' },
    { path: '/portal/page.js', file: 'portal/page.js' },
  ])
}
