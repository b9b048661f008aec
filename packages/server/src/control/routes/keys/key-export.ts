import { Problem } from '@sallyport/core'
import { z } from 'zod'
import { KeyExports, requireReadableKeys } from '../../../app/keys/export-keys.ts'
import { keyExportFilter } from '../../../contract/keys/key-lists.ts'
import { acceptedOf } from '../../answers/accepted-type.ts'
import { sendExport } from '../../answers/export-form.ts'
import { KEY_EXPORT_FORMS } from '../../answers/key-export.ts'
import { pathParameters } from '../../routing/path-parameters.ts'
import type { ControlApi } from '../../routing/resource-routes.ts'
import { documented } from '../../routing/route-schema.ts'
import { requireOwnPage } from '../../sessions/cross-origin.ts'

const path = '/v1/organizations/:organization/keys/export'

const MEDIA_TYPES = KEY_EXPORT_FORMS.map(({ mediaType }) => mediaType)

export function keyExportRoutes({ app, operations, deps }: ControlApi): void {
  const exports = new KeyExports(deps.monotonicMs)
  app.get(
    path,
    {
      schema: {
        ...documented('Keys', 'exportKeys', 'Export the keys as NDJSON or CSV'),
        params: pathParameters(path),
        querystring: keyExportFilter,
        response: {
          200: {
            description: 'The keys, one in a line.',
            content: Object.fromEntries(MEDIA_TYPES.map((type) => [type, { schema: z.string() }])),
          },
        },
      },
    },
    async (request, reply) => {
      const { organization } = request.params
      const context = operations.contextOf(request)
      void reply.header('vary', 'accept')
      const form = acceptedOf(request.headers.accept, KEY_EXPORT_FORMS)
      if (form === undefined) {
        const message = `Accept ${MEDIA_TYPES.join(' or ')}.`
        throw new Problem('invalid_request', { extensions: { errors: [{ path: 'header/accept', message }] } })
      }
      // HEAD would read a whole export for nothing.
      if (request.method === 'HEAD') {
        requireReadableKeys(context, organization)
        return reply.type(`${form.mediaType}; charset=utf-8`).send('')
      }
      // An export leaves an event and uses up the person's exports, so that no page of another site may start one.
      if (context.actor.kind === 'member') requireOwnPage(request, deps.publicUrl())
      const exported = await exports.begin(context, { ...request.query, organization }, form.mediaType)
      return sendExport(reply, exported, form, 'keys')
    },
  )
}
