import { requirePermission } from '../../app/access.ts'
import { pathParameters } from '../../contract/names.ts'
import { verifyAnswer, verifyRequest } from '../../contract/verify.ts'
import type { ControlApp } from '../control-app.ts'
import type { ControlDeps } from '../dependencies.ts'
import type { Operations } from '../operations.ts'
import { documentedCreation } from '../route-schema.ts'

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
      const { environment, pipeline } = request.body
      requirePermission(operations.reading(request), request.params.org, 'keys.verify', {
        ...(environment === undefined ? {} : { environment }),
        ...(pipeline === undefined ? {} : { pipeline }),
      })
      return await verify({ organization: request.params.org, ...request.body })
    },
  )
}
