import type { z } from 'zod'
import { listRequests, type RequestPage } from '../../../app/requests/list-requests.ts'
import { request, requestFilter, requestPage } from '../../../contract/usage/requests.ts'
import type { RequestRecord } from '../../../requests/request-record.ts'
import { timestampAnswer } from '../../answers/timestamp.ts'
import { type ControlApi, resourceRoutes } from '../../routing/resource-routes.ts'

function requestAnswer(record: RequestRecord): z.input<typeof request> {
  const { atMs, organization: _organization, project: _project, environment, keyId, ...facts } = record
  return { ...facts, at: timestampAnswer(atMs), environment: environment ?? '', key: keyId }
}

export function requestRoutes(api: ControlApi): void {
  resourceRoutes(api, 'Usage').partialList(
    {
      path: '/v1/organizations/:organization/requests',
      operationId: 'listRequests',
      summary: 'Find recent requests, such as the one whose id a caller reports',
      query: requestFilter,
      item: request,
      answer: requestPage,
    },
    async (context, input) => await listRequests(context, api.deps.requests, input),
    requestAnswer,
    ({ gateways }: RequestPage): Pick<z.input<typeof requestPage>, 'gateways'> => ({
      gateways: [...gateways],
    }),
  )
}
