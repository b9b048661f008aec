import { createHash, timingSafeEqual } from 'node:crypto'
import { Problem } from '@sallyport/core'
import { SETUP_ACTOR } from '../../app/access/actor.ts'
import { isSetUp, setUp } from '../../app/organizations/set-up.ts'
import { setupAnswer, setupRequest, setupState } from '../../contract/people/setup.ts'
import { newOrganizationAnswer } from '../answers/organization-answer.ts'
import type { SetupAttempts } from '../routing/failed-attempts.ts'
import type { ControlApi } from '../routing/resource-routes.ts'
import { documented, documentedCreation } from '../routing/route-schema.ts'

/** The set-up; it needs no key, because none exists yet. */
export function setupRoutes({ app, operations, deps }: ControlApi, attempts: SetupAttempts): void {
  app.get(
    '/v1/setup',
    {
      schema: {
        ...documented('Start', 'getSetup', 'Tell whether set-up is over'),
        security: [],
        response: { 200: setupState },
      },
    },
    async () => ({ done: await isSetUp(deps) }),
  )

  app.post(
    '/v1/setup',
    {
      schema: {
        ...documentedCreation('Start', 'setUp', 'Create the first organization and its owner key'),
        security: [],
        body: setupRequest,
        response: { 201: setupAnswer },
      },
    },
    async (request, reply) => {
      const { setupToken, organization, owner } = request.body
      await attempts.attempt(request, () => {
        if (!sameText(setupToken, deps.setupToken)) throw wrongToken()
      })
      // The digest stored for an Idempotency-Key covers only this, so that no password is stored, not even hashed.
      request.sentBody = { organization, owner: owner && { email: owner.email, name: owner.name } }
      request.actor = SETUP_ACTOR
      const outcome = await operations.create(request, reply, (context) =>
        setUp(context, { organization, owner }),
      )
      const { member } = outcome.result
      return { ...newOrganizationAnswer(outcome), ...(member === undefined ? {} : { member }) }
    },
  )
}

function wrongToken(): Problem {
  return new Problem('unauthenticated', {
    detail:
      'The set-up token is wrong. Use the value of SALLYPORT_SETUP_TOKEN, or the token that the latest start printed. Once an organization exists, set-up is over: use an owner key, or sign in.',
  })
}

/** Compares digests, so that the time reveals neither the length nor the position of a difference. */
function sameText(left: string, right: string): boolean {
  return timingSafeEqual(digest(left), digest(right))
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
