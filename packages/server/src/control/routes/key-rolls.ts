import { endRoll, rollKey } from '../../app/keys/roll-key.ts'
import { keyRoll } from '../../contract/key-rolls.ts'
import { keyChanged, keyCreated } from '../../contract/keys.ts'
import { pathParameters } from '../../contract/fields/names.ts'
import { waitQuery } from '../../contract/fields/receipt.ts'
import type { ControlApp } from '../routing/control-app.ts'
import { keyAnswer } from '../answers/key-answer.ts'
import type { Operations } from '../routing/operations.ts'
import { documentedCreation } from '../routing/route-schema.ts'

const roll = '/v1/organizations/:org/keys/:key/roll'
const params = pathParameters('org', 'key')

const ENDS = {
  finish: { operationId: 'finishRoll', summary: 'End the old secret now' },
  undo: { operationId: 'undoRoll', summary: 'End the new secret now, and keep the old one' },
} as const

export function keyRollRoutes(app: ControlApp, operations: Operations): void {
  app.post(
    roll,
    {
      schema: {
        ...documentedCreation(
          'Keys',
          'rollKey',
          'Make a new secret for a key; the old one goes on for a grace',
        ),
        params,
        body: keyRoll,
        response: { 200: keyCreated },
      },
    },
    async (request, reply) => {
      const { made, atMs } = await operations.create(request, reply, (context) =>
        rollKey(context, { organization: request.params.org, key: request.params.key, ...request.body }),
      )
      void reply.code(200)
      return { key: keyAnswer(made.key, atMs), token: made.token }
    },
  )

  for (const by of ['finish', 'undo'] as const) {
    app.post(
      `${roll}/${by}`,
      {
        schema: {
          ...documentedCreation('Keys', ENDS[by].operationId, ENDS[by].summary),
          params,
          querystring: waitQuery,
          response: { 200: keyChanged },
        },
      },
      async (request, reply) => {
        const { made, receipt, atMs } = await operations.end(request, reply, request.query.wait, (context) =>
          endRoll(context, { organization: request.params.org, key: request.params.key, by }),
        )
        return { key: keyAnswer(made.key, atMs), receipt }
      },
    )
  }
}
