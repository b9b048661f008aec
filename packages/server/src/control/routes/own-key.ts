import type { FastifyRequest } from 'fastify'
import { findOwn } from '../../app/access/permitted-key.ts'
import { deleteKey } from '../../app/keys/delete-key.ts'
import { ownKeyRoll } from '../../contract/keys.ts'
import { removedAnswer, waitQuery } from '../../contract/receipt.ts'
import type { ControlApi } from '../routing/resource-routes.ts'
import type { RouteAccess } from '../routing/route-access.ts'
import { documented } from '../routing/route-schema.ts'
import { addRoll, addRollEnd, type KeyName } from './key-rolls.ts'

const SELF = '/v1/keys/self'
const access: RouteAccess = { permission: 'keys.roll-self', onlyKeys: true }

/** The key that calls, as the input of an operation on a key. */
function ownKey({ actor }: FastifyRequest): KeyName {
  return { organization: actor?.organizations[0] ?? '', key: actor?.id ?? '' }
}

/** What a key does with itself. */
export function ownKeyRoutes(api: ControlApi): void {
  const { app, operations } = api
  const own = { access, keyOf: ownKey, find: findOwn } as const
  const rolling = { operationId: 'rollOwnKey', summary: 'Create a new secret for the key that calls' }
  addRoll(api, { path: `${SELF}/roll`, ...rolling, ...own, body: ownKeyRoll })
  const finishing = { operationId: 'finishOwnRoll', summary: 'End the old secret of the key that calls' }
  addRollEnd(api, 'finish', { path: `${SELF}/roll/finish`, ...finishing, ...own })

  app.delete(
    SELF,
    {
      config: { access },
      schema: {
        ...documented('Keys', 'deleteOwnKey', 'Delete the key that calls permanently'),
        querystring: waitQuery,
        response: { 200: removedAnswer },
      },
    },
    async (request) => {
      const { receipt } = await operations.change(request, request.query.wait, (context) =>
        deleteKey(context, ownKey(request), findOwn),
      )
      return { receipt }
    },
  )
}
