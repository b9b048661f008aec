import type { FastifyRequest } from 'fastify'
import { findOwn } from '../../app/access/permitted-key.ts'
import { deleteKey } from '../../app/keys/delete-key.ts'
import { endRoll, rollKey } from '../../app/keys/roll-key.ts'
import { keyChanged, keyRoll, keyRolled } from '../../contract/keys.ts'
import { removedAnswer, waitQuery } from '../../contract/receipt.ts'
import { keyAnswer } from '../answers/key-answer.ts'
import type { ControlApi } from '../routing/resource-routes.ts'
import type { RouteAccess } from '../routing/route-access.ts'
import { documented, documentedCreation } from '../routing/route-schema.ts'

const SELF = '/v1/keys/self'
const access: RouteAccess = { permission: 'keys.roll-self', onlyKeys: true }

/** The key that calls, as the input of an operation on a key. */
function ownKey({ actor }: FastifyRequest): { readonly organization: string; readonly key: string } {
  return { organization: actor?.organizations[0] ?? '', key: actor?.id ?? '' }
}

/** What a key does with itself. */
export function ownKeyRoutes({ app, operations }: ControlApi): void {
  app.post(
    `${SELF}/roll`,
    {
      config: { access },
      schema: {
        ...documentedCreation('Keys', 'rollOwnKey', 'Create a new secret for the key that calls'),
        querystring: waitQuery,
        body: keyRoll,
        response: { 200: keyRolled },
      },
    },
    async (request, reply) => {
      const { result, receipt, atMs } = await operations.changeOnce(
        request,
        reply,
        request.query.wait,
        (context) => rollKey(context, { ...request.body, ...ownKey(request) }, findOwn),
      )
      return { key: keyAnswer(result.key, atMs), token: result.token, receipt }
    },
  )

  app.post(
    `${SELF}/roll/finish`,
    {
      config: { access },
      schema: {
        ...documentedCreation('Keys', 'finishOwnRoll', 'End the old secret of the key that calls'),
        querystring: waitQuery,
        response: { 200: keyChanged },
      },
    },
    async (request, reply) => {
      const { result, receipt, atMs } = await operations.changeOnce(
        request,
        reply,
        request.query.wait,
        (context) => endRoll(context, { ...ownKey(request), by: 'finish' }, findOwn),
      )
      return { key: keyAnswer(result.key, atMs), receipt }
    },
  )

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
