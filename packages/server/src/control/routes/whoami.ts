import { whoAmI } from '../../app/access/who-am-i.ts'
import { whoamiAnswer } from '../../contract/whoami.ts'
import type { ControlApi } from '../routing/resource-routes.ts'
import { documented } from '../routing/route-schema.ts'

export function whoamiRoutes({ app, operations }: ControlApi): void {
  app.get(
    '/v1/whoami',
    {
      schema: {
        ...documented('Start', 'whoami', 'Describe the key of this request and its permissions'),
        response: { 200: whoamiAnswer },
      },
    },
    async (request) => {
      const { organization, key, permissions } = await whoAmI(operations.contextOf(request))
      return {
        organization,
        key: { id: key.id, type: key.type, name: key.name },
        permissions: permissions.map((grant) => ({ ...grant })),
      }
    },
  )
}
