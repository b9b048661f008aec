import { Problem } from '@sallyport/core'
import { whoamiAnswer } from '../../contract/whoami.ts'
import type { ControlApp } from '../routing/control-app.ts'
import { documented } from '../routing/route-schema.ts'

export function whoamiRoutes(app: ControlApp): void {
  app.get(
    '/v1/whoami',
    {
      schema: {
        ...documented('Start', 'whoami', 'Say whose key this is and what it permits'),
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
