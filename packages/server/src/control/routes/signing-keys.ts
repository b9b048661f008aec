import { listSigningKeys } from '../../app/signing-keys/list-signing-keys.ts'
import { removeSigningKey } from '../../app/signing-keys/remove-signing-key.ts'
import { rotateSigningKey } from '../../app/signing-keys/rotate-signing-key.ts'
import { pathParameters } from '../../contract/fields/names.ts'
import { pageOf, pageQuery } from '../../contract/fields/paging.ts'
import { removedAnswer, waitQuery } from '../../contract/fields/receipt.ts'
import { signingKey, signingKeyRotated, signingKeyRotation } from '../../contract/signing-keys.ts'
import type { ControlApp } from '../routing/control-app.ts'
import type { Operations } from '../routing/operations.ts'
import { pageAnswer } from '../answers/page-answer.ts'
import { documented, documentedCreation } from '../routing/route-schema.ts'
import { signingKeyAnswer } from '../answers/signing-key-answer.ts'

const all = '/v1/organizations/:org/environments/:env/signing-keys'
const params = pathParameters('org', 'env')

/** @param nowMs by which an answer that is made now says what state a key is in */
export function signingKeyRoutes(app: ControlApp, operations: Operations, nowMs: () => number): void {
  app.get(
    all,
    {
      schema: {
        ...documented('Tokens', 'listSigningKeys', 'List the keys that sign the JWTs of an environment'),
        params,
        querystring: pageQuery,
        response: { 200: pageOf(signingKey) },
      },
    },
    async (request) => {
      const page = await listSigningKeys(operations.reading(request), {
        organization: request.params.org,
        environment: request.params.env,
        ...request.query,
      })
      const atMs = nowMs()
      return pageAnswer(page, (row) => signingKeyAnswer(row, atMs))
    },
  )

  app.post(
    `${all}/rotate`,
    {
      schema: {
        ...documentedCreation('Tokens', 'rotateSigningKey', 'Sign the JWTs of an environment with a new key'),
        params,
        querystring: waitQuery,
        body: signingKeyRotation,
        response: { 200: signingKeyRotated },
      },
    },
    async (request, reply) => {
      const { made, atMs, receipt } = await operations.end(request, reply, request.query.wait, (context) =>
        rotateSigningKey(context, {
          organization: request.params.org,
          environment: request.params.env,
          ...request.body,
        }),
      )
      return {
        signingKey: signingKeyAnswer(made.signingKey, atMs),
        retired: made.retired.map((row) => signingKeyAnswer(row, atMs)),
        receipt,
      }
    },
  )

  app.delete(
    `${all}/:signingKey`,
    {
      schema: {
        ...documented('Tokens', 'removeSigningKey', 'End a key that signs no more, and the tokens it signed'),
        params: pathParameters('org', 'env', 'signingKey'),
        querystring: waitQuery,
        response: { 200: removedAnswer },
      },
    },
    async (request) => {
      const { receipt } = await operations.change(request, request.query.wait, (context) =>
        removeSigningKey(context, {
          organization: request.params.org,
          environment: request.params.env,
          signingKey: request.params.signingKey,
        }),
      )
      return { receipt }
    },
  )
}
