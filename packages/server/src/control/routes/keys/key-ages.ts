import { KEY_AGE } from '@sallyport/core'
import type { FastifyRequest } from 'fastify'
import type { z } from 'zod'
import { getKeyAge, type ShownKeyAge } from '../../../app/key-ages/reading.ts'
import { type SavedKeyAge, setKeyAge, type SetKeyAgeInput } from '../../../app/key-ages/set-key-age.ts'
import { keyAge, keyAgeChange, keyAgeChanged } from '../../../contract/policies/key-ages.ts'
import { waitQuery } from '../../../contract/receipt.ts'
import { timestampAnswer, timestampAnswerOrNull } from '../../answers/timestamp.ts'
import { pathParameters } from '../../routing/path-parameters.ts'
import { type ControlApi, resourceRoutes } from '../../routing/resource-routes.ts'
import { documented } from '../../routing/route-schema.ts'

const ORGANIZATION = '/v1/organizations/:organization'
const ofEnvironment = `${ORGANIZATION}/environments/:environment/policies/${KEY_AGE}` as const
const ofOrganization = `${ORGANIZATION}/policies/${KEY_AGE}` as const

function keyAgeAnswer(row: ShownKeyAge): z.input<typeof keyAge> {
  const { rotationReminderDays, maxLifetimeDays, version, updatedAtMs, updatedBy } = row
  return {
    rotationReminderDays,
    maxLifetimeDays,
    version,
    updatedAt: timestampAnswerOrNull(updatedAtMs),
    updatedBy,
  }
}

function savedAnswer({ policy, affected }: SavedKeyAge): Omit<z.input<typeof keyAgeChanged>, 'receipt'> {
  return {
    ...keyAgeAnswer(policy),
    affected: affected.first.map(({ keyId, name, consumer, endsAtMs }) => ({
      key: keyId,
      name,
      consumer,
      stopsAt: timestampAnswer(endsAtMs),
    })),
    affectedTotal: affected.total,
    affectedTotalIsExact: affected.isTotalExact,
  }
}

export function keyAgeRoutes(api: ControlApi): void {
  const { app, operations, preconditions } = api
  const routes = resourceRoutes(api, 'Policies')

  async function set(request: FastifyRequest, waitSeconds: number, input: SetKeyAgeInput) {
    // A dry run changes nothing that a gateway could confirm.
    if (input.dryRun) return savedAnswer(await setKeyAge(operations.contextOf(request), input))
    const { result, receipt } = await operations.change(request, waitSeconds, (context) =>
      setKeyAge(context, input),
    )
    return { ...savedAnswer(result), receipt }
  }

  routes.read(
    {
      path: ofEnvironment,
      operationId: 'getKeyAge',
      summary: "Read the policy about the age of an environment's keys",
      answer: keyAge,
    },
    getKeyAge,
    keyAgeAnswer,
  )

  app.put(
    ofEnvironment,
    {
      config: { access: { permission: 'policies.write', on: 'environment' } },
      schema: {
        ...documented(
          'Policies',
          'setKeyAge',
          "Change the policy about the age of an environment's keys, or check the effect",
        ),
        ...preconditions.headersOf(ofEnvironment),
        params: pathParameters(ofEnvironment),
        querystring: waitQuery,
        body: keyAgeChange,
        response: { 200: keyAgeChanged },
      },
    },
    async (request) => await set(request, request.query.wait, { ...request.body, ...request.params }),
  )

  routes.read(
    {
      path: ofOrganization,
      operationId: 'getOrganizationKeyAge',
      summary: 'Read the policy about the age of keys without an environment',
      answer: keyAge,
    },
    (context, { organization }) => getKeyAge(context, { organization, environment: null }),
    keyAgeAnswer,
  )

  app.put(
    ofOrganization,
    {
      config: { access: { permission: 'policies.write' } },
      schema: {
        ...documented(
          'Policies',
          'setOrganizationKeyAge',
          'Change the policy about the age of keys without an environment, or check the effect',
        ),
        ...preconditions.headersOf(ofOrganization),
        params: pathParameters(ofOrganization),
        querystring: waitQuery,
        body: keyAgeChange,
        response: { 200: keyAgeChanged },
      },
    },
    async (request) =>
      await set(request, request.query.wait, { ...request.body, ...request.params, environment: null }),
  )
}
