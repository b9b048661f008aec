import { createHash, timingSafeEqual } from 'node:crypto'
import { Problem } from '@sallyport/core'
import { SETUP_ACTOR } from '../../app/access/actor.ts'
import { setUp } from '../../app/organizations/set-up.ts'
import { setupAnswer, setupRequest } from '../../contract/setup.ts'
import type { ControlApp } from '../routing/control-app.ts'
import type { FailedAttempts } from '../routing/failed-attempts.ts'
import type { Operations } from '../routing/operations.ts'
import { foundedAnswer } from '../answers/organization-answer.ts'
import { documentedCreation } from '../routing/route-schema.ts'

const NO_PEOPLE =
  'The owner was not made, and nothing of it was kept: people cannot sign in to this version. Use the key.'

/** The one route that makes something for somebody without a key. */
export function setupRoutes(
  app: ControlApp,
  operations: Operations,
  setupToken: string,
  failures: FailedAttempts,
): void {
  app.post(
    '/v1/setup',
    {
      schema: {
        ...documentedCreation('Start', 'setUp', 'Make the first organization and its owner key'),
        security: [],
        body: setupRequest,
        response: { 201: setupAnswer },
      },
    },
    async (request, reply) => {
      await failures.requireFew(request)
      const { setupToken: sent, organization, owner } = request.body
      if (!sameText(sent, setupToken)) {
        await failures.count(request)
        throw new Problem('unauthenticated', {
          detail:
            'The set-up token is wrong. It is SALLYPORT_SETUP_TOKEN, or was printed at the first start.',
        })
      }
      // What is remembered of a request under its Idempotency-Key is a digest of this: no password, not even hashed.
      request.sentBody = { organization }
      request.actor = SETUP_ACTOR
      const founded = foundedAnswer(
        await operations.create(request, reply, (context) => setUp(context, { organization })),
      )
      return owner === undefined ? founded : { ...founded, notices: [NO_PEOPLE] }
    },
  )
}

/** Compares digests, so that the time says nothing about where, or in length, the texts differ. */
function sameText(left: string, right: string): boolean {
  return timingSafeEqual(digest(left), digest(right))
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
