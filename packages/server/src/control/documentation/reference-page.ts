import { createHash } from 'node:crypto'
import scalar from '@scalar/fastify-api-reference'
import fastify, { type FastifyInstance } from 'fastify'

/** The page's one inline script. The reference's own program is a separate file. */
const INLINE_SCRIPT = /<script type="text\/javascript">([\s\S]*?)<\/script>/

/**
 * The page of the API reference and its program, which load nothing from other hosts.
 *
 * @param path of the page
 * @param documentPath of the OpenAPI document that it shows
 * @returns a server to inject requests into
 */
export async function openReferencePage(path: `/${string}`, documentPath: string): Promise<FastifyInstance> {
  const page = fastify()
  page.addHook('onSend', async (_request, reply, payload) => {
    const script = typeof payload === 'string' ? INLINE_SCRIPT.exec(payload)?.[1] : undefined
    void reply.header('content-security-policy', pagePolicy(script))
    return payload
  })
  await page.register(scalar, {
    routePrefix: path,
    configuration: {
      url: documentPath,
      pageTitle: 'Sallyport API',
      withDefaultFonts: false,
      telemetry: false,
      hideClientButton: true,
      showDeveloperTools: 'never',
      agent: { disabled: true },
      mcp: { disabled: true },
    },
  })
  await page.ready()
  return page
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
