import { Problem } from '@sallyport/core'
import { whoamiAnswer } from '../../contract/whoami.ts'
import type { ControlApi } from '../routing/resource-routes.ts'
import { documented } from '../routing/route-schema.ts'

export function whoamiRoutes({ app }: ControlApi): void {
  app.get(
    '/v1/whoami',
    {
      schema: {
        ...documented('Start', 'whoami', 'Read the key of this request and its permissions'),
        response: { 200: whoamiAnswer },
      },
    },
    async ({ signedIn }) => {
      if (signedIn === undefined) throw new Problem('unauthenticated')
      const { actor, key } = signedIn
      return {
        organization: actor.organization,
        key: { id: key.id, type: key.type, name: key.name },
        permissions: actor.grants.map((grant) => ({ ...grant })),
      }
    },
  )
}
