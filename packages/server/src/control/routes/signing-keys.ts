import { listSigningKeys } from '../../app/signing-keys/reading.ts'
import { removeSigningKey } from '../../app/signing-keys/remove-signing-key.ts'
import { rotateSigningKey } from '../../app/signing-keys/rotate-signing-key.ts'
import { waitQuery } from '../../contract/receipt.ts'
import { signingKey, signingKeyRotated, signingKeyRotation } from '../../contract/signing-keys.ts'
import { signingKeyAnswer } from '../answers/signing-key-answer.ts'
import { pathParameters } from '../routing/path-parameters.ts'
import { type ControlApi, resourceRoutes } from '../routing/resource-routes.ts'
import { documentedCreation } from '../routing/route-schema.ts'

const all = '/v1/organizations/:organization/environments/:environment/signing-keys'
const rotate = `${all}/rotate` as const

export function signingKeyRoutes(api: ControlApi): void {
  const { app, operations } = api
  const routes = resourceRoutes(api, 'Tokens')

  routes.list(
    {
      path: all,
      operationId: 'listSigningKeys',
      summary: 'List the signing keys of an environment',
      item: signingKey,
    },
    listSigningKeys,
    signingKeyAnswer,
  )

  app.post(
    rotate,
    {
      config: { access: { permission: 'signing-keys.write', on: 'environment' } },
      schema: {
        ...documentedCreation('Tokens', 'rotateSigningKey', 'Rotate the signing key of an environment'),
        params: pathParameters(rotate),
        querystring: waitQuery,
        body: signingKeyRotation,
        response: { 200: signingKeyRotated },
      },
    },
    async (request, reply) => {
      const { result, atMs, receipt } = await operations.changeOnce(
        request,
        reply,
        request.query.wait,
        (context) => rotateSigningKey(context, { ...request.body, ...request.params }),
      )
      return {
        signingKey: signingKeyAnswer(result.signingKey, atMs),
        retired: result.retired.map((row) => signingKeyAnswer(row, atMs)),
        receipt,
      }
    },
  )

  routes.remove(
    {
      path: `${all}/:signingKey`,
      operationId: 'removeSigningKey',
      access: { permission: 'signing-keys.write', on: 'environment' },
      summary: 'Remove a key that only verifies, and invalidate its tokens',
    },
    removeSigningKey,
  )
}
