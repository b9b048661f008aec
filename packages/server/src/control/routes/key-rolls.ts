import type { FastifyRequest } from 'fastify'
import type { FindKey } from '../../app/access/permitted-key.ts'
import { endRoll, rollKey } from '../../app/keys/roll-key.ts'
import { keyChanged, keyRoll, keyRolled } from '../../contract/keys.ts'
import { waitQuery } from '../../contract/receipt.ts'
import { keyAnswer } from '../answers/key-answer.ts'
import { pathParameters } from '../routing/path-parameters.ts'
import type { ControlApi } from '../routing/resource-routes.ts'
import type { RouteAccess } from '../routing/route-access.ts'
import { documentedCreation } from '../routing/route-schema.ts'

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
}

/** Adds a route that rolls a key. */
export function addRoll({ app, operations }: ControlApi, route: RollRoute): void {
  const { path, operationId, summary, access, keyOf, find } = route
  app.post(
    path,
    {
      config: { access },
      schema: {
        ...documentedCreation('Keys', operationId, summary),
        params: pathParameters(path),
        querystring: waitQuery,
        body: keyRoll,
        response: { 200: keyRolled },
      },
    },
    async (request, reply) => {
      const { result, receipt, atMs } = await operations.changeOnce(
        request,
        reply,
        request.query.wait,
        (context) => rollKey(context, { ...request.body, ...keyOf(request) }, find),
      )
      return { key: keyAnswer(result.key, atMs), token: result.token, receipt }
    },
  )
}

/** Adds a route that ends a pending roll. */
export function addRollEnd({ app, operations }: ControlApi, by: 'finish' | 'undo', route: RollRoute): void {
  const { path, operationId, summary, access, keyOf, find } = route
  app.post(
    path,
    {
      config: { access },
      schema: {
        ...documentedCreation('Keys', operationId, summary),
        params: pathParameters(path),
        querystring: waitQuery,
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
