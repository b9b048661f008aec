import { z } from 'zod'
import { VISITOR } from '../../../app/access/actor.ts'
import { beginProviderLink, beginProviderSignIn } from '../../../app/providers/begin-with-provider.ts'
import { completeWithProvider, type ProviderRefusal } from '../../../app/providers/complete-with-provider.ts'
import { linkedProviders, unlinkProvider } from '../../../app/providers/own-providers.ts'
import { PROVIDER_SIGN_IN_MS_MAX } from '../../../app/providers/provider-ticket.ts'
import { done } from '../../../contract/fields/nothing.ts'
import {
  linkedProviderList,
  providerBegin,
  providerBegun,
  providerList,
} from '../../../contract/people/providers.ts'
import { timestampAnswer } from '../../answers/timestamp.ts'
import { pathParameters } from '../../routing/path-parameters.ts'
import { documented, SESSION_SECURITY } from '../../routing/route-schema.ts'
import { BeginLimits } from '../../sessions/begin-limits.ts'
import { clientOf } from '../../sessions/client.ts'
import { HostCookie } from '../../sessions/host-cookie.ts'
import type { PeopleApi } from '../../sessions/people-api.ts'
import { memberOf } from '../../sessions/require-session.ts'

const TAG = 'Sign-in providers'
const BEGIN = '/v1/auth/providers/:provider/begin'
const CALLBACK = '/v1/auth/providers/:provider/callback'
const OWN_BEGIN = '/v1/person/providers/:provider/begin'
const OWN = '/v1/person/providers/:provider'
const SECOND_MS = 1000

/** Says which browser began: only that one can complete. */
function browserCookie({ deps }: Pick<PeopleApi, 'deps'>): HostCookie {
  return new HostCookie(deps.publicUrl, 'sallyport_provider', PROVIDER_SIGN_IN_MS_MAX / SECOND_MS)
}

/** Sign-in with OpenID Connect providers. */
export function providerRoutes(api: PeopleApi): void {
  const { app, operations, sessions, deps } = api
  const cookie = browserCookie(api)
  const limits = new BeginLimits(deps.monotonicMs)

  app.get(
    '/v1/auth/providers',
    {
      schema: {
        ...documented(TAG, 'listSignInProviders', 'List the providers to sign in with'),
        security: [],
        response: { 200: providerList },
      },
    },
    () => ({ items: [...deps.signIn.providers.list()], next: null }),
  )

  app.post(
    BEGIN,
    {
      schema: {
        ...documented(TAG, 'beginProviderSignIn', 'Begin to sign in with a provider'),
        security: [],
        params: pathParameters(BEGIN),
        body: providerBegin,
        response: { 200: providerBegun },
      },
    },
    async (request, reply) => {
      request.actor = VISITOR
      await limits.count(request.ip)
      const { url, secret } = await beginProviderSignIn(operations.contextOf(request), deps.signIn, {
        provider: request.params.provider,
        returnTo: request.body.returnTo,
      })
      cookie.set(reply, secret)
      return { url }
    },
  )

  app.get(
    CALLBACK,
    {
      // A request that only asks for headers must not complete anything.
      exposeHeadRoute: false,
      schema: {
        ...documented(TAG, 'completeProviderSignIn', 'Come back from a provider'),
        security: [],
        params: pathParameters(CALLBACK),
        // Providers add parameters of their own (RFC 6749 section 4.1.2).
        querystring: z.looseObject({}),
        response: { 303: z.null().describe('Nothing; `Location` is where the browser goes.') },
      },
    },
    async (request, reply) => {
      const { provider } = request.params
      request.actor = VISITOR
      const completed = await completeWithProvider(operations.contextOf(request), deps.signIn, {
        provider,
        query: queryOf(request.url),
        secret: cookie.read(request),
        sessionToken: sessions.tokenOf(request),
        client: clientOf(request),
      })
      const { opened, refusal, reason } = completed
      if (reason !== null) request.log.info({ provider, refusal, reason }, 'a sign-in with a provider failed')
      if (completed.isOver) cookie.clear(reply)
      if (opened !== null) sessions.signIn(request, reply, opened)
      return await reply.redirect(returnUrl(deps.publicUrl(), completed.returnTo, refusal), 303)
    },
  )
}

/** The accounts at providers of the person who is signed in. */
export function ownProviderRoutes(api: PeopleApi): void {
  const { app, operations, sessions, deps } = api
  const cookie = browserCookie(api)

  app.get(
    '/v1/person/providers',
    {
      schema: {
        ...documented(TAG, 'listLinkedProviders', 'List your accounts at providers'),
        security: SESSION_SECURITY,
        response: { 200: linkedProviderList },
      },
    },
    async (request) => {
      const names = new Map(deps.signIn.providers.list().map(({ id, name }) => [id, name]))
      const links = await linkedProviders(operations.contextOf(request), memberOf(request))
      const items = links.map(({ provider, email, createdAtMs }) => ({
        id: provider,
        // A provider that the settings no longer have has no name.
        name: names.get(provider) ?? provider,
        email,
        linkedAt: timestampAnswer(createdAtMs),
      }))
      return { items, next: null }
    },
  )

  app.post(
    OWN_BEGIN,
    {
      schema: {
        ...documented(TAG, 'beginProviderLink', 'Begin to link your account at a provider'),
        security: SESSION_SECURITY,
        params: pathParameters(OWN_BEGIN),
        body: providerBegin,
        response: { 200: providerBegun },
      },
    },
    async (request, reply) => {
      const { url, secret } = await beginProviderLink(
        operations.contextOf(request),
        deps.signIn,
        memberOf(request),
        { provider: request.params.provider, returnTo: request.body.returnTo },
      )
      cookie.set(reply, secret)
      return { url }
    },
  )

  app.delete(
    OWN,
    {
      schema: {
        ...documented(TAG, 'unlinkProvider', 'Unlink your account at a provider'),
        security: SESSION_SECURITY,
        params: pathParameters(OWN),
        response: { 204: done },
      },
    },
    async (request, reply) => {
      const { provider } = request.params
      const context = operations.contextOf(request)
      const hasEnded = await unlinkProvider(context, deps.signIn, memberOf(request), provider)
      if (hasEnded) sessions.end(reply)
      return await reply.code(204).send(null)
    },
  )
}

/** The query of a URL, from the "?" on. */
function queryOf(url: string): string {
  const start = url.indexOf('?')
  return start === -1 ? '' : url.slice(start)
}

/** An absolute URL: what follows the host of a relative one could name another host. */
function returnUrl(publicUrl: string, returnTo: string, refusal: ProviderRefusal | null): string {
  const url = new URL(returnTo, publicUrl)
  if (refusal !== null) url.searchParams.set('error', refusal)
  return url.href
}
