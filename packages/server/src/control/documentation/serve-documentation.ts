import type { FastifyInstance } from 'fastify'
import type { ControlApp } from '../routing/control-app.ts'

const OPENAPI_PATH = '/v1/openapi.json'
const PAGE_PATH = '/docs'
/** Relative addresses on the page start here. */
const PAGE_FOLDER = `${PAGE_PATH}/`
const PROGRAM_PATH = `${PAGE_FOLDER}js/scalar.js`

const HIDDEN = { schema: { hide: true } } as const

/** Serves the OpenAPI document and its page. */
export async function serveDocumentation(app: ControlApp): Promise<void> {
  let document: string | undefined
  app.get(OPENAPI_PATH, HIDDEN, async (_request, reply) => {
    document ??= JSON.stringify(app.swagger())
    void reply.type('application/json; charset=utf-8')
    return document
  })

  let opening: Promise<FastifyInstance> | undefined
  app.get(PAGE_PATH, HIDDEN, async (_request, reply) => await reply.redirect(PAGE_FOLDER, 301))
  for (const path of [PAGE_FOLDER, PROGRAM_PATH]) {
    app.get(path, HIDDEN, async (_request, reply) => {
      // The page's program has 4 MB, which a server that shows no documents needs neither time nor memory for.
      opening ??= import('./reference-page.ts').then(
        async ({ openReferencePage }) => await openReferencePage(PAGE_PATH, OPENAPI_PATH),
      )
      const { headers, rawPayload } = await (await opening).inject(path)
      const { 'content-type': type, 'content-security-policy': policy } = headers
      return await reply.headers({ 'content-type': type, 'content-security-policy': policy }).send(rawPayload)
    })
  }
}
