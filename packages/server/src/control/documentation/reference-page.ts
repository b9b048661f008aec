import { createHash } from 'node:crypto'
import scalar from '@scalar/fastify-api-reference'
import type { ControlApp } from '../routing/control-app.ts'

const OPENAPI_PATH = '/v1/openapi.json'
const PAGE_PATH = '/docs'

/** The page's one inline script. The reference's own program is a separate file. */
const INLINE_SCRIPT = /<script type="text\/javascript">([\s\S]*?)<\/script>/

/** Serves the OpenAPI document and its page. The page loads nothing from other hosts. */
export async function serveDocumentation(app: ControlApp): Promise<void> {
  let document: string | undefined
  app.get(OPENAPI_PATH, { schema: { hide: true } }, async (_request, reply) => {
    document ??= JSON.stringify(app.swagger())
    void reply.type('application/json; charset=utf-8')
    return document
  })
  await app.register(async (page) => {
    page.addHook('onSend', async (_request, reply, payload) => {
      const script = typeof payload === 'string' ? INLINE_SCRIPT.exec(payload)?.[1] : undefined
      void reply.header('content-security-policy', pagePolicy(script))
      return payload
    })
    await page.register(scalar, {
      routePrefix: PAGE_PATH,
      configuration: {
        url: OPENAPI_PATH,
        pageTitle: 'Sallyport API',
        withDefaultFonts: false,
        telemetry: false,
        hideClientButton: true,
        showDeveloperTools: 'never',
        agent: { disabled: true },
        mcp: { disabled: true },
      },
    })
  })
}

/** The page's Content-Security-Policy: its own script, its own styles, and requests to this server only. */
function pagePolicy(inlineScript: string | undefined): string {
  const hash =
    inlineScript === undefined
      ? ''
      : ` 'sha256-${createHash('sha256').update(inlineScript).digest('base64')}'`
  return [
    "default-src 'none'",
    `script-src 'self'${hash}`,
    // The reference adds styles to the page while it runs.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}
