import { versionText } from '@sallyport/core'
import type { FastifyRequest } from 'fastify'
import { leavePortal } from '../../../app/portal/end-portal-session.ts'
import { findInPortal } from '../../../app/portal/own-consumer.ts'
import { portalPlan } from '../../../app/portal/portal-plan.ts'
import { listPortalPipelines } from '../../../app/portal/portal-pipelines.ts'
import {
  createPortalKey,
  deletePortalKey,
  getPortalKey,
  listPortalKeys,
  readPortalUsage,
} from '../../../app/portal/portal-keys.ts'
import { done, nothing } from '../../../contract/fields/nothing.ts'
import { key, ownKeyRoll } from '../../../contract/keys.ts'
import {
  portalKeyCreated,
  portalKeyCreation,
  portalKeyWithRoll,
  portalUsageFilter,
} from '../../../contract/portal/portal-keys.ts'
import { portalPipeline } from '../../../contract/portal/portal-pipelines.ts'
import { portal } from '../../../contract/portal/portal-sessions.ts'
import { usageSum } from '../../../contract/usage/usage.ts'
import { deploymentUrl } from '../../answers/deployment-url.ts'
import { keyAnswer, OBSERVED_OF_KEYS } from '../../answers/key-answer.ts'
import { portalAnswer } from '../../answers/portal-answer.ts'
import { rollAnswer } from '../../answers/roll-answer.ts'
import { usageSumAnswer } from '../../answers/usage-sum-answer.ts'
import { resourceRoutes } from '../../routing/resource-routes.ts'
import { documented, PORTAL_SECURITY } from '../../routing/route-schema.ts'
import type { PeopleApi } from '../../sessions/people-api.ts'
import { PortalCookie } from '../../sessions/portal-cookie.ts'
import { portalOf } from '../../sessions/require-portal.ts'
import { csrfToken } from '../../sessions/session-cookie.ts'
import { addRoll, addRollEnd, type KeyName } from '../key-rolls.ts'

const TAG = 'Portal'
const PORTAL = '/v1/portal'
const all = `${PORTAL}/keys` as const
const one = `${all}/:key` as const

/** The key in the path, in the organization of the portal session. */
function portalKey(request: FastifyRequest): KeyName {
  const { key: id } = request.params as { readonly key: string }
  return { organization: portalOf(request).portal.organization, key: id }
}

/** The session itself: what it is about, and its end. */
export function portalRoutes({ app, operations, deps }: PeopleApi): void {
  const cookie = new PortalCookie(deps.publicUrl)
  app.get(
    PORTAL,
    {
      schema: {
        ...documented(TAG, 'getPortal', 'Describe the portal session of this request'),
        security: PORTAL_SECURITY,
        response: { 200: portal },
      },
    },
    async (request) => {
      const { session, consumer, scopes } = portalOf(request)
      const { read } = operations.contextOf(request).store
      const [organization, plan] = await Promise.all([
        read.organizations.get(session.organization),
        portalPlan(read.plans, consumer),
      ])
      const csrf = csrfToken(cookie.read(request) ?? '')
      return portalAnswer({ session, organization, consumer, plan, scopes, csrfToken: csrf })
    },
  )

  app.delete(
    PORTAL,
    {
      schema: {
        ...documented(TAG, 'leavePortal', 'End the portal session of this request'),
        security: PORTAL_SECURITY,
        response: { 204: done },
      },
    },
    async (request, reply) => {
      await leavePortal(operations.contextOf(request), portalOf(request).session)
      cookie.clear(reply)
      return await reply.code(204).send(null)
    },
  )
}

/** What the people of a consumer do with its keys. */
export function portalKeyRoutes(api: PeopleApi): void {
  const routes = resourceRoutes(api, TAG, PORTAL_SECURITY)

  routes.countedList(
    { path: all, operationId: 'listPortalKeys', summary: 'List the keys of your consumer', item: key },
    listPortalKeys,
    keyAnswer,
  )

  routes.create(
    {
      path: all,
      operationId: 'createPortalKey',
      access: { permission: 'keys.create' },
      summary: 'Create a key for your consumer',
      body: portalKeyCreation,
      answer: portalKeyCreated,
    },
    async (context, { expiresAt, ...fields }) =>
      await createPortalKey(context, { ...fields, expiresAtMs: expiresAt }),
    ({ result, atMs }) => ({ key: keyAnswer(result.key, atMs), token: result.token }),
  )

  routes.read(
    {
      path: one,
      operationId: 'getPortalKey',
      summary: 'Read a key of your consumer',
      observed: OBSERVED_OF_KEYS,
      answer: portalKeyWithRoll,
    },
    getPortalKey,
    ({ key: row, roll }, atMs) => ({ ...keyAnswer(row, atMs), roll: rollAnswer(row, roll) }),
  )

  routes.remove(
    {
      path: one,
      operationId: 'deletePortalKey',
      access: { permission: 'keys.delete' },
      summary: 'Delete a key of your consumer permanently',
    },
    deletePortalKey,
  )

  const rolling = {
    access: { permission: 'keys.roll' },
    keyOf: portalKey,
    find: findInPortal('keys.roll'),
    tag: TAG,
    security: PORTAL_SECURITY,
  } as const
  addRoll(api, {
    ...rolling,
    path: `${one}/roll`,
    operationId: 'rollPortalKey',
    summary:
      'Create a new secret for a key of your consumer; the old one still works during the grace period',
    body: ownKeyRoll,
  })
  addRollEnd(api, 'finish', {
    ...rolling,
    body: nothing,
    path: `${one}/roll/finish`,
    operationId: 'finishPortalRoll',
    summary: 'End the old secret of a key of your consumer now',
  })
  addRollEnd(api, 'undo', {
    ...rolling,
    body: nothing,
    path: `${one}/roll/undo`,
    operationId: 'undoPortalRoll',
    summary: 'End the new secret of a key of your consumer now and keep the old one',
  })
}

/** What a consumer may call. */
export function portalPipelineRoutes(api: PeopleApi): void {
  resourceRoutes(api, TAG, PORTAL_SECURITY).list(
    {
      path: `${PORTAL}/pipelines`,
      operationId: 'listPortalPipelines',
      summary: 'List the live pipelines that your consumer may call',
      item: portalPipeline,
    },
    listPortalPipelines,
    (row) => {
      const { methods, authentication } = row.spec.trigger
      const { apiKey, apiKeyOptional = false, jwt, basic } = authentication
      const url = deploymentUrl(api.deps.gateway, row)
      if (url === null) throw new Error('a listed pipeline has callers')
      return {
        pipeline: row.pipeline,
        version: versionText(row),
        url,
        methods: [...methods],
        // Callers with a key send it, so that the pipeline knows them.
        authentication: { apiKey: apiKey || apiKeyOptional, jwt, basic },
      }
    },
  )
}

/** How much a consumer is used. */
export function portalUsageRoutes(api: PeopleApi): void {
  resourceRoutes(api, TAG, PORTAL_SECURITY).list(
    {
      path: `${PORTAL}/usage`,
      operationId: 'readPortalUsage',
      summary: 'Read how many requests your consumer made',
      query: portalUsageFilter,
      item: usageSum,
    },
    readPortalUsage,
    usageSumAnswer,
  )
}
