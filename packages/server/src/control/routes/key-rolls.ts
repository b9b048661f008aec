import type { FastifyRequest } from 'fastify'
import type { FindKey } from '../../app/access/permitted-key.ts'
import { endRoll, rollKey, rollKeyToHandOver } from '../../app/keys/roll-key.ts'
import type { z } from 'zod'
import { keyChanged, type keyRoll, keyRolled } from '../../contract/keys.ts'
import type { nothing } from '../../contract/fields/nothing.ts'
import { waitQuery } from '../../contract/receipt.ts'
import { keyAnswer } from '../answers/key-answer.ts'
import { newTokenAnswer } from '../answers/new-token-answer.ts'
import { pathParameters } from '../routing/path-parameters.ts'
import type { ControlApi } from '../routing/resource-routes.ts'
import type { RouteAccess } from '../routing/route-access.ts'
import { documentedCreation, type Security } from '../routing/route-schema.ts'

export interface KeyName {
  readonly organization: string
  /** A key's id. */
  readonly key: string
}

/** A route that changes the secrets of a key: of any key, or of the one that calls. */
interface RollRoute {
  readonly path: string
  readonly operationId: string
  readonly summary: string
  readonly access: RouteAccess
  readonly keyOf: (request: FastifyRequest) => KeyName
  /** Finds the key, if the caller may roll it; by the permission `keys.roll` unless given. */
  readonly find?: FindKey
  /** Its group in the document; `Keys` unless given. */
  readonly tag?: string
  /** The credentials of its callers in the document; those of most routes unless given. */
  readonly security?: Security
}

function documentedRoll({ operationId, summary, tag = 'Keys', security }: Omit<RollRoute, 'keyOf'>) {
  return {
    ...documentedCreation(tag, operationId, summary),
    ...(security === undefined ? {} : { security }),
  }
}

/** Adds a route that rolls a key. */
export function addRoll(
  { app, operations, deps }: ControlApi,
  route: RollRoute & { readonly body: z.ZodType<z.output<typeof keyRoll>> },
): void {
  const { path, access, body, keyOf, find } = route
  app.post(
    path,
    {
      config: { access },
      schema: {
        ...documentedRoll(route),
        params: pathParameters(path),
        querystring: waitQuery,
        body,
        response: { 200: keyRolled },
      },
    },
    async (request, reply) => {
      const { result, receipt, atMs } = await operations.changeOnce(
        request,
        reply,
        request.query.wait,
        async (context) => {
          const { handOver, ...terms } = request.body ?? {}
          const input = { ...terms, ...keyOf(request) }
          return handOver === undefined
            ? await rollKey(context, input, find)
            : await rollKeyToHandOver(context, { ...input, handOver })
        },
      )
      return { ...newTokenAnswer(result, atMs, deps.publicUrl()), receipt }
    },
  )
}

/** Adds a route that ends a pending roll. */
export function addRollEnd(
  { app, operations }: ControlApi,
  by: 'finish' | 'undo',
  route: RollRoute & {
    /** For a cookie as the credential: a POST without a JSON body could come from a form. */
    readonly body?: typeof nothing
  },
): void {
  const { path, access, keyOf, find, body } = route
  app.post(
    path,
    {
      config: { access },
      schema: {
        ...documentedRoll(route),
        params: pathParameters(path),
        querystring: waitQuery,
        ...(body === undefined ? {} : { body }),
        response: { 200: keyChanged },
      },
    },
    async (request, reply) => {
      const { result, receipt, atMs } = await operations.changeOnce(
        request,
        reply,
        request.query.wait,
        (context) => endRoll(context, { ...keyOf(request), by }, find),
      )
      return { key: keyAnswer(result.key, atMs), receipt }
    },
  )
}
