import { createIssuer } from '../../app/issuers/create-issuer.ts'
import { getIssuer } from '../../app/issuers/get-issuer.ts'
import { listIssuers } from '../../app/issuers/list-issuers.ts'
import { removeIssuer } from '../../app/issuers/remove-issuer.ts'
import { issuer, issuerCreation } from '../../contract/issuers.ts'
import { pathParameters } from '../../contract/fields/names.ts'
import { pageOf, pageQuery } from '../../contract/fields/paging.ts'
import { removedAnswer, waitQuery } from '../../contract/fields/receipt.ts'
import type { IssuerRow } from '../../store/port/issuers.ts'
import type { ControlApp } from '../routing/control-app.ts'
import { momentAnswer } from '../answers/timestamp.ts'
import type { Operations } from '../routing/operations.ts'
import { pageAnswer } from '../answers/page-answer.ts'
import { documented, documentedCreation } from '../routing/route-schema.ts'
import { publicJwkAnswer } from '../answers/signing-key-answer.ts'

const all = '/v1/organizations/:org/environments/:env/issuers'
const one = `${all}/:issuer`
const params = pathParameters('org', 'env', 'issuer')

function issuerAnswer(row: IssuerRow) {
  return {
    id: row.id,
    issuer: row.issuer,
    audience: [...row.audiences],
    jwksUrl: row.jwksUrl,
    jwks: row.jwks && { keys: row.jwks.keys.map(publicJwkAnswer) },
    createdAt: momentAnswer(row.createdAtMs),
    createdBy: row.createdBy,
  }
}

export function issuerRoutes(app: ControlApp, operations: Operations): void {
  app.get(
    all,
    {
      schema: {
        ...documented('Tokens', 'listIssuers', 'List the issuers that an environment trusts'),
        params: pathParameters('org', 'env'),
        querystring: pageQuery,
        response: { 200: pageOf(issuer) },
      },
    },
    async (request) =>
      pageAnswer(
        await listIssuers(operations.reading(request), {
          organization: request.params.org,
          environment: request.params.env,
          ...request.query,
        }),
        issuerAnswer,
      ),
  )

  app.post(
    all,
    {
      schema: {
        ...documentedCreation('Tokens', 'createIssuer', 'Trust the JWTs of an issuer in an environment'),
        params: pathParameters('org', 'env'),
        body: issuerCreation,
        response: { 201: issuer },
      },
    },
    async (request, reply) => {
      const { made } = await operations.create(request, reply, (context) =>
        createIssuer(context, {
          organization: request.params.org,
          environment: request.params.env,
          issuer: request.body.issuer,
          audiences: request.body.audience,
          jwksUrl: request.body.jwksUrl,
          jwks: request.body.jwks,
        }),
      )
      return issuerAnswer(made)
    },
  )

  app.get(
    one,
    {
      schema: {
        ...documented('Tokens', 'getIssuer', 'Read an issuer that an environment trusts'),
        params,
        response: { 200: issuer },
      },
    },
    async (request) =>
      issuerAnswer(
        await getIssuer(operations.reading(request), {
          organization: request.params.org,
          environment: request.params.env,
          issuer: request.params.issuer,
        }),
      ),
  )

  app.delete(
    one,
    {
      schema: {
        ...documented('Tokens', 'removeIssuer', 'Trust an issuer no more'),
        params,
        querystring: waitQuery,
        response: { 200: removedAnswer },
      },
    },
    async (request) => {
      const { receipt } = await operations.change(request, request.query.wait, (context) =>
        removeIssuer(context, {
          organization: request.params.org,
          environment: request.params.env,
          issuer: request.params.issuer,
        }),
      )
      return { receipt }
    },
  )
}
