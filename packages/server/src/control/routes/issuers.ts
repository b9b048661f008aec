import { createIssuer } from '../../app/issuers/create-issuer.ts'
import { getIssuer, listIssuers } from '../../app/issuers/reading.ts'
import { removeIssuer } from '../../app/issuers/remove-issuer.ts'
import { issuer, issuerCreation } from '../../contract/issuers.ts'
import type { IssuerRow } from '../../store/port/issuers.ts'
import { publicJwkAnswer } from '../answers/signing-key-answer.ts'
import { timestampAnswer } from '../answers/timestamp.ts'
import { type ControlApi, resourceRoutes } from '../routing/resource-routes.ts'

const all = '/v1/organizations/:organization/environments/:environment/issuers'
const one = `${all}/:issuer` as const

function issuerAnswer(row: IssuerRow) {
  return {
    id: row.id,
    issuer: row.issuer,
    audience: [...row.audiences],
    jwksUrl: row.jwksUrl,
    jwks: row.jwks && { keys: row.jwks.keys.map(publicJwkAnswer) },
    createdAt: timestampAnswer(row.createdAtMs),
    createdBy: row.createdBy,
  }
}

export function issuerRoutes(api: ControlApi): void {
  const routes = resourceRoutes(api, 'Tokens')

  routes.list(
    {
      path: all,
      operationId: 'listIssuers',
      summary: 'List the trusted issuers of an environment',
      item: issuer,
    },
    listIssuers,
    issuerAnswer,
  )

  routes.create(
    {
      path: all,
      operationId: 'createIssuer',
      access: { permission: 'signing-keys.write', on: 'environment' },
      summary: 'Trust the JWTs of an issuer in an environment',
      body: issuerCreation,
      answer: issuer,
    },
    (context, { audience, ...input }) => createIssuer(context, { ...input, audiences: audience }),
    ({ result }) => issuerAnswer(result),
  )

  routes.read(
    { path: one, operationId: 'getIssuer', summary: 'Read a trusted issuer', answer: issuer },
    getIssuer,
    issuerAnswer,
  )

  routes.remove(
    {
      path: one,
      operationId: 'removeIssuer',
      access: { permission: 'signing-keys.write', on: 'environment' },
      summary: 'Stop trusting an issuer',
    },
    removeIssuer,
  )
}
