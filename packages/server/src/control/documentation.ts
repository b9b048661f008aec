import { createHash } from 'node:crypto'
import swagger from '@fastify/swagger'
import scalar from '@scalar/fastify-api-reference'
import { jsonSchemaTransform } from 'fastify-type-provider-zod'
import type { ControlApp } from './routing/control-app.ts'
import { problemResponse } from './routing/route-schema.ts'

const OPENAPI_PATH = '/v1/openapi.json'
const PAGE_PATH = '/docs'

/** The only inline script of the page; the reference's own program is a file. */
const INLINE_SCRIPT = /<script type="text\/javascript">([\s\S]*?)<\/script>/

/** Collects the OpenAPI 3.1 document from the routes that are added to the app from now on. */
export async function documentRoutes(app: ControlApp): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Sallyport',
        version: '1',
        description:
          'The management API of Sallyport. Every refusal is a problem with a stable `code` (RFC 9457).',
      },
      components: {
        securitySchemes: {
          key: {
            type: 'http',
            scheme: 'bearer',
            description: 'A secret key of the organization: `sp_sk_…`.',
          },
        },
      },
      security: [{ key: [] }],
    },
    transform: jsonSchemaTransform,
  })
  app.addHook('onRoute', ({ schema }) => {
    if (schema === undefined || schema.hide === true) return
    schema.response = { '4xx': problemResponse, '5xx': problemResponse, ...(schema.response as object) }
  })
}

/** Serves the OpenAPI document and its page; the page loads nothing from other origins. */
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

/** The content security policy of the page: its own program and styles, and requests only to this server. */
function pagePolicy(inlineScript: string | undefined): string {
  const hash =
    inlineScript === undefined
      ? ''
      : ` 'sha256-${createHash('sha256').update(inlineScript).digest('base64')}'`
  return [
    "default-src 'none'",
    `script-src 'self'${hash}`,
    // The reference adds its styles to the page at run time.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}
