import { VISITOR } from '../../../app/access/actor.ts'
import { openHandOver } from '../../../app/hand-overs/open-hand-over.ts'
import { getHandOver, handOverState, listHandOvers } from '../../../app/hand-overs/reading.ts'
import { withdrawHandOver } from '../../../app/hand-overs/withdraw-hand-over.ts'
import { handOver, handOverOpened, handOverOpening } from '../../../contract/keys/hand-overs.ts'
import type { HandOverRow } from '../../../store/port/keys/hand-overs.ts'
import { timestampAnswer, timestampAnswerOrNull } from '../../answers/timestamp.ts'
import { type ControlApi, resourceRoutes } from '../../routing/resource-routes.ts'
import { documented } from '../../routing/route-schema.ts'
import { clientOf } from '../../sessions/client.ts'
import type { PeopleApi } from '../../sessions/people-api.ts'

const TAG = 'Hand-overs'
const all = '/v1/organizations/:organization/hand-overs'
const one = `${all}/:handOver` as const

function handOverAnswer(row: HandOverRow, atMs: number) {
  const state = handOverState(row, atMs)
  const endedAtMs = row.endedAtMs ?? (state === 'expired' ? row.expiresAtMs : null)
  return {
    id: row.id,
    key: row.key,
    environment: row.environment,
    state,
    createdAt: timestampAnswer(row.createdAtMs),
    createdBy: row.createdBy,
    expiresAt: timestampAnswer(row.expiresAtMs),
    endedAt: timestampAnswerOrNull(endedAtMs),
    openedAt: timestampAnswerOrNull(state === 'opened' ? endedAtMs : null),
    address: row.openerAddress,
    userAgent: row.openerUserAgent,
  }
}

export function handOverRoutes(api: ControlApi): void {
  const routes = resourceRoutes(api, TAG)

  routes.list(
    { path: all, operationId: 'listHandOvers', summary: 'List the hand-overs', item: handOver },
    listHandOvers,
    handOverAnswer,
  )

  routes.read(
    {
      path: one,
      operationId: 'getHandOver',
      summary: 'Read a hand-over',
      observed: ['state', 'endedAt'],
      answer: handOver,
    },
    getHandOver,
    handOverAnswer,
  )

  routes.remove(
    {
      path: one,
      operationId: 'withdrawHandOver',
      access: { permission: 'keys.write', on: 'handOver' },
      summary: 'Withdraw a hand-over',
    },
    withdrawHandOver,
  )
}

/** Opening a hand-over, for everybody who has its link. */
export function openHandOverRoutes({ app, operations, limits }: PeopleApi): void {
  app.post(
    '/v1/hand-overs/open',
    {
      schema: {
        ...documented(TAG, 'openHandOver', 'Open a hand-over, once'),
        security: [],
        body: handOverOpening,
        response: { 200: handOverOpened },
      },
    },
    async (request) => {
      request.actor = VISITOR
      const { organization, key, encrypted } = await limits.attempt(
        { address: request.ip },
        async () =>
          await openHandOver(operations.contextOf(request), { ...request.body, client: clientOf(request) }),
      )
      return {
        organization: { slug: organization.slug, name: organization.name },
        key: {
          id: key.id,
          name: key.name,
          environment: key.environment,
          expiresAt: timestampAnswerOrNull(key.expiresAtMs),
        },
        ...encrypted,
      }
    },
  )
}
