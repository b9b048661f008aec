import type { FastifyRequest } from 'fastify'
import { createKey, createKeyToHandOver } from '../../app/keys/create-key.ts'
import { deleteKey } from '../../app/keys/delete-key.ts'
import { lookUpKey } from '../../app/keys/lookup-key.ts'
import { listKeys } from '../../app/keys/list-keys.ts'
import { getKeyWithRotation } from '../../app/rotations/reading.ts'
import { updateKey } from '../../app/keys/update-key.ts'
import { keyFilter } from '../../contract/keys/key-lists.ts'
import {
  keyChange,
  keyChanged,
  keyCreated,
  keyCreation,
  keyLookup,
  keyRead,
  keyRoll,
  keyWithRoll,
  lookedUpKey,
  verifyAnswer,
  verifyRequest,
} from '../../contract/keys.ts'
import { keyAnswer, keyReadAnswer, namedKeyAnswer, OBSERVED_OF_KEYS } from '../answers/key-answer.ts'
import { newTokenAnswer } from '../answers/new-token-answer.ts'
import { rollAnswer } from '../answers/roll-answer.ts'
import { rotationAnswer } from '../answers/rotation-answer.ts'
import type { VerifiedCredential } from '../../app/keys/verification.ts'
import { pathParameters } from '../routing/path-parameters.ts'
import { type ControlApi, resourceRoutes } from '../routing/resource-routes.ts'
import { documentedCreation } from '../routing/route-schema.ts'
import { addRoll, addRollEnd, type KeyName } from './key-rolls.ts'

const all = '/v1/organizations/:organization/keys'
const one = `${all}/:key` as const
const roll = `${one}/roll` as const

export function keyRoutes(api: ControlApi): void {
  const routes = resourceRoutes(api, 'Keys')

  routes.countedList(
    {
      path: all,
      operationId: 'listKeys',
      summary: 'List, search and count the keys',
      query: keyFilter,
      item: keyRead,
    },
    listKeys,
    keyReadAnswer,
  )

  routes.create(
    {
      path: all,
      operationId: 'createKey',
      access: { permission: 'keys.create' },
      summary: 'Create a key',
      body: keyCreation,
      answer: keyCreated,
    },
    async (context, { expiresAt, handOver, ...fields }) => {
      const input = { ...fields, expiresAtMs: expiresAt }
      return handOver === undefined
        ? await createKey(context, input)
        : await createKeyToHandOver(context, { ...input, handOver })
    },
    ({ result, atMs }) => newTokenAnswer(result, atMs, api.deps.publicUrl()),
  )

  routes.read(
    {
      path: one,
      operationId: 'getKey',
      summary: 'Read a key',
      observed: OBSERVED_OF_KEYS,
      answer: keyWithRoll,
    },
    getKeyWithRotation,
    ({ key, roll: progress, rotation }, atMs) => ({
      ...keyReadAnswer(key, atMs),
      roll: rollAnswer(key, progress),
      rotation: rotation === null ? null : rotationAnswer(rotation),
    }),
  )

  routes.change(
    {
      path: one,
      operationId: 'updateKey',
      access: { permission: 'keys.write', on: 'key' },
      summary: 'Update a key, or switch it off or on',
      body: keyChange,
      answer: keyChanged,
    },
    (context, { status, expiresAt, ...input }) =>
      updateKey(context, {
        ...input,
        active: status === undefined ? undefined : status === 'active',
        expiresAtMs: expiresAt,
      }),
    (result, atMs) => ({ key: keyAnswer(result.key, atMs) }),
  )

  routes.remove(
    {
      path: one,
      operationId: 'deleteKey',
      access: { permission: 'keys.delete', on: 'key' },
      summary: 'Delete a key permanently',
    },
    deleteKey,
  )
}

const ROLL_ENDS = {
  finish: { operationId: 'finishRoll', summary: 'End the old secret now' },
  undo: { operationId: 'undoRoll', summary: 'End the new secret now and keep the old one' },
} as const

export function keyRollRoutes(api: ControlApi): void {
  const access = { permission: 'keys.roll', on: 'key' } as const
  const summary = 'Create a new secret for a key; the old one still works during the grace period'
  addRoll(api, { path: roll, operationId: 'rollKey', summary, access, body: keyRoll, keyOf: namedKey })
  for (const by of ['finish', 'undo'] as const) {
    addRollEnd(api, by, { path: `${roll}/${by}`, ...ROLL_ENDS[by], access, keyOf: namedKey })
  }
}

/** The key in the path, which the route has parsed. */
function namedKey({ params }: FastifyRequest): KeyName {
  return params as KeyName
}

/** A look-up changes nothing, so a repeated request needs no stored response. */
export function keyLookupRoutes({ app, operations, deps }: ControlApi): void {
  const path = `${all}/lookup` as const
  app.post(
    path,
    {
      config: { access: { permission: 'keys.read' } },
      schema: {
        ...documentedCreation('Keys', 'lookUpKey', 'Find the key of a token'),
        params: pathParameters(path),
        body: keyLookup,
        response: { 200: lookedUpKey },
      },
    },
    async (request) => {
      const context = { ...operations.contextOf(request), findToken: deps.findToken }
      const { key, code } = await lookUpKey(context, { ...request.params, ...request.body })
      const answer = namedKeyAnswer(key, deps.nowMs())
      return { key: answer, state: answer.state, code }
    },
  )
}

/** Verification changes nothing, so a repeated request needs no stored response. */
export function verifyRoutes({ app, operations, deps }: ControlApi): void {
  const path = '/v1/organizations/:organization/verify'
  app.post(
    path,
    {
      config: { access: { permission: 'keys.verify', changesNothing: true } },
      schema: {
        ...documentedCreation('Keys', 'verify', 'Verify credentials as a gateway would'),
        params: pathParameters(path),
        body: verifyRequest,
        response: { 200: verifyAnswer },
      },
    },
    async (request) => {
      const input = { ...request.body, ...request.params }
      return verifiedAnswer(await deps.verify(operations.contextOf(request), input))
    },
  )
}

function verifiedAnswer({ valid, code, missing, key, consumer, asOfRevision }: VerifiedCredential) {
  const part = missing.length === 0 ? {} : { missing: [...missing] }
  const id = consumer ?? key?.consumer ?? null
  if (key === null) {
    return { valid, code, ...part, ...(id === null ? {} : { consumer: { id } }), asOfRevision }
  }
  return {
    valid,
    code,
    ...part,
    key: {
      id: key.id,
      type: key.isPublic ? ('public' as const) : ('secret' as const),
      environment: key.environment,
      labels: { ...key.labels },
    },
    consumer: id === null ? null : { id },
    organization: key.organization,
    roles: [...key.roles],
    asOfRevision,
  }
}
