import swagger from '@fastify/swagger'
import { jsonSchemaTransform } from 'fastify-type-provider-zod'
import type { z } from 'zod'
import { nullPlan } from '../../contract/requests/null-members.ts'
import type { ControlApp } from '../routing/control-app.ts'
import { problemResponse } from '../routing/route-schema.ts'
import type { ApiDocument } from './api-document.ts'
import { completeDocument } from './complete-document.ts'
import { type BodySchema, withNulls } from './documented-nulls.ts'
import { INTRODUCTION, SERVERS } from './introduction.ts'
import { allOperations, type ResourceTexts } from './operations/operation-text.ts'

/**
 * Collects the OpenAPI 3.1 document from the routes that are added to the app after this call.
 *
 * @param resources the texts of all operations, in the order of the page
 */
export async function documentRoutes(app: ControlApp, resources: readonly ResourceTexts[]): Promise<void> {
  const tags = new Map(resources.map(({ tag }) => [tag.name, { ...tag }]))
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Sallyport', version: '1', description: INTRODUCTION },
      servers: SERVERS.map((server) => ({ ...server })),
      tags: [...tags.values()],
      components: {
        securitySchemes: {
          key: {
            type: 'http',
            scheme: 'bearer',
            description: 'A secret key of the organization: `sp_sk_…`.',
          },
          session: {
            type: 'apiKey',
            in: 'cookie',
            name: 'sallyport_session',
            description:
              'The session of a person, from `POST /v1/auth/sign-in`. Over HTTPS the name of the cookie starts with `__Host-`.',
          },
          portalSession: {
            type: 'apiKey',
            in: 'cookie',
            name: 'sallyport_portal',
            description:
              "The portal session of a consumer's people, from `POST /v1/portal/open`. Over HTTPS the name of the cookie starts with `__Secure-`.",
          },
        },
      },
      security: [{ key: [] }, { session: [] }],
    },
    transform: (source) => {
      const transformed = jsonSchemaTransform(source)
      const { schema, route } = source
      const { body } = transformed.schema as { readonly body?: BodySchema }
      if (body === undefined) return transformed
      const plan = nullPlan(schema.body as z.ZodType, route.method === 'PATCH')
      return { ...transformed, schema: { ...transformed.schema, body: withNulls(body, plan) } }
    },
    transformObject: (source) => {
      if (!('openapiObject' in source)) throw new Error('the document is not an OpenAPI 3 document')
      return completeDocument(source.openapiObject as unknown as ApiDocument, allOperations(resources))
    },
  })
  app.addHook('onRoute', ({ schema }) => {
    if (schema === undefined || schema.hide === true) return
    schema.response = { '4xx': problemResponse, '5xx': problemResponse, ...(schema.response as object) }
  })
}
