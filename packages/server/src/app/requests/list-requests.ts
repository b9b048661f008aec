import { Problem } from '@sallyport/core'
import type { RecentPage, RequestFilter, RequestWindow } from '../../requests/recent-requests.ts'
import type { RequestRecord } from '../../requests/request-record.ts'
import type { Page, PageRequest } from '../../store/port/pages/paging.ts'
import type { OperationContext } from '../access/context.ts'
import { requireKnown } from '../access/known-filters.ts'
import { visibleScopes } from '../access/permission-checks.ts'
import { requireNone } from '../refusals.ts'

export interface ListRequestsInput extends PageRequest, RequestFilter {
  readonly organization: string
}

/** Requests that gateways have seen. */
export interface RequestPage extends Page<RequestRecord> {
  /** The ids of these gateways. */
  readonly gateways: readonly string[]
}

/**
 * Lists the recent requests to the pipelines that the actor may see the usage of, the last that ended first.
 *
 * @param window asked only for a permitted actor
 * @throws Problem `invalid_request` for an empty period, and for a cursor of a gateway that has ended
 */
export async function listRequests(
  context: Pick<OperationContext, 'actor' | 'store'>,
  window: RequestWindow,
  { organization, limit, cursor, visible: _visible, ...filter }: ListRequestsInput,
): Promise<RequestPage> {
  const visible = visibleScopes(context, organization, 'usage.read', ['environment', 'project', 'pipeline'])
  const { from, to } = filter
  if (from !== undefined && to !== undefined && from >= to) {
    requireNone([{ path: 'query/from', message: 'The period is empty. Use a `from` before `to`.' }])
  }
  const position = cursor === undefined ? undefined : parsePosition(cursor)
  const before = position?.before
  const page = await window.recentRequests(organization, { ...filter, limit, before, visible })
  if (position !== undefined && position.gateway !== page.gateway) throw endedGateway()
  if (page.records.length === 0 && position === undefined) {
    const { consumer, pipeline, key } = filter
    await requireKnown(context, organization, 'usage.read', { consumer, pipeline, key })
  }
  return { items: page.records, next: positionOf(page), gateways: page.gateways }
}

/** Numbers of requests are those of one gateway, and start again with it. */
function positionOf({ gateway, next }: RecentPage): string | null {
  return next === null ? null : `${next} ${gateway}`
}

function parsePosition(text: string): { readonly before: number; readonly gateway: string } {
  const [before = '', gateway = ''] = text.split(' ')
  return { before: Number(before), gateway }
}

function endedGateway(): Problem {
  const detail =
    'The gateway that this list is from has ended, and its requests with it. Start again without a cursor.'
  return new Problem('invalid_request', {
    detail,
    extensions: { errors: [{ path: 'query/cursor', message: detail }] },
  })
}
