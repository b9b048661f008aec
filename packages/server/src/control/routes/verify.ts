import { pathParameters } from '../../contract/fields/names.ts'
import { verifyAnswer, verifyRequest } from '../../contract/verify.ts'
import type { ControlApp } from '../routing/control-app.ts'
import type { ControlDeps, Verified } from '../routing/dependencies.ts'
import type { Operations } from '../routing/operations.ts'
import { documentedCreation } from '../routing/route-schema.ts'

/** Verifying changes nothing, so that repeating it is harmless and needs no kept answer. */
export function verifyRoutes(app: ControlApp, operations: Operations, verify: ControlDeps['verify']): void {
  app.post(
    '/v1/organizations/:org/verify',
    {
      schema: {
        ...documentedCreation('Keys', 'verify', "Judge a caller's token as a gateway would"),
        params: pathParameters('org'),
        body: verifyRequest,
        response: { 200: verifyAnswer },
      },
    },
    async (request) => {
      const input = { organization: request.params.org, ...request.body }
      return verifiedAnswer(verify(operations.reading(request), input))
    },
  )
}

function verifiedAnswer({ valid, code, key, asOfRevision }: Verified) {
  if (key === null) return { valid, code, asOfRevision }
  return {
    valid,
    code,
    key: {
      id: key.id,
      type: key.isPublic ? ('public' as const) : ('secret' as const),
      environment: key.environment,
    },
    consumer: key.consumer === null ? null : { id: key.consumer },
    organization: key.organization,
    roles: [...key.roles],
    asOfRevision,
  }
}
